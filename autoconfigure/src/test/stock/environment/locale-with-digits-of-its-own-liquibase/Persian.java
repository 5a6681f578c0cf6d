import java.util.Locale;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.*;
import org.springframework.stereotype.Component;

@Component
public class Persian implements BeanFactoryPostProcessor, DisposableBean {

	private final Locale before = Locale.getDefault();

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Locale.setDefault(new Locale("fa", "IR"));
	}

	@Override
	public void destroy() {
		Locale.setDefault(this.before);
	}

}
