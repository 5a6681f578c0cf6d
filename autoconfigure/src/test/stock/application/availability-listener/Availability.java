import io.github.migrationguard.stock.Calls;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class Availability {

	@EventListener
	void changed(AvailabilityChangeEvent<?> event) {
		Calls.record("is " + event.getState());
	}

}
