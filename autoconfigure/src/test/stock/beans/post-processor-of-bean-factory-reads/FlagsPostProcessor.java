import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
class FlagsPostProcessor implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		JdbcTemplate jdbcTemplate = beanFactory.getBean(JdbcTemplate.class);
		for (String name : jdbcTemplate.queryForList("select name from flags", String.class)) {
			Calls.record("bean for " + name);
			((DefaultListableBeanFactory) beanFactory).registerBeanDefinition("flag-" + name,
					BeanDefinitionBuilder.genericBeanDefinition(String.class).addConstructorArgValue(name).getBeanDefinition());
		}
	}

}
