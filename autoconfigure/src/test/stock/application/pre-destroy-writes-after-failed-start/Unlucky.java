import org.springframework.stereotype.Component;

@Component
class Unlucky {

	Unlucky() {
		throw new IllegalStateException("something else is wrong");
	}

}
