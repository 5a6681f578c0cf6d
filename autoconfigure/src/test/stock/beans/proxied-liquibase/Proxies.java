import io.github.migrationguard.stock.Calls;
import org.aopalliance.intercept.MethodInterceptor;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Proxies {

	@Bean
	static BeanNameAutoProxyCreator proxyCreator() {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames("liquibase");
		creator.setProxyTargetClass(true);
		creator.setInterceptorNames("recorder");
		return creator;
	}

	@Bean
	static MethodInterceptor recorder() {
		return (call) -> {
			if (call.getMethod().getName().matches("afterPropertiesSet|migrate")) {
				Calls.record(call.getMethod().getName());
			}
			return call.proceed();
		};
	}

}
