import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

@Component
class Pool implements BeanPostProcessor {

	static DataSource dataSource;

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource pool) {
			dataSource = pool;
		}
		return bean;
	}

}
