import org.springframework.stereotype.Component;

@Component("switched")
class Switched {

}
