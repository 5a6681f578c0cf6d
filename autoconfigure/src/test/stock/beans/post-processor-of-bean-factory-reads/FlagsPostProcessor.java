import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrationguard.stock.Calls;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

@Component
class FlagsPostProcessor implements BeanFactoryPostProcessor, EnvironmentAware {

	private Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		try (Connection connection = DriverManager.getConnection(property("url"), property("username"), property("password"));
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select value from settings where name = 'flag'")) {
			while (result.next()) {
				Calls.record("bean for " + result.getString(1));
				((DefaultListableBeanFactory) beanFactory).registerBeanDefinition("flag-" + result.getString(1),
						BeanDefinitionBuilder.genericBeanDefinition(String.class, () -> "flag").getBeanDefinition());
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String property(String name) {
		return this.environment.getProperty("spring.datasource." + name);
	}

}
