import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

public class SettingsPostProcessor implements EnvironmentPostProcessor {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> settings = new HashMap<>();
		try (Connection connection = DriverManager.getConnection(environment.getProperty("stock.url"),
				environment.getProperty("stock.username"), environment.getProperty("stock.password"));
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select name, value from settings")) {
			while (result.next()) {
				settings.put(result.getString(1), result.getString(2));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		environment.getPropertySources().addFirst(new MapPropertySource("settings", settings));
	}

}
