import io.github.migrationguard.stock.Calls;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Shop.ShopProperties.class)
class Shop {

	Shop(ShopProperties properties, JdbcTemplate jdbcTemplate) {
		Calls.record("currency " + properties.getCurrency() + ", in the table "
				+ jdbcTemplate.queryForObject("select value from settings where name = 'shop.currency'", String.class));
	}

	@ConfigurationProperties("shop")
	public static class ShopProperties {

		private String currency;

		public String getCurrency() {
			return this.currency;
		}

		public void setCurrency(String currency) {
			this.currency = currency;
		}

	}

}
