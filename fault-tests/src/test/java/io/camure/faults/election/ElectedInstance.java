package io.camure.faults.election;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Member;
import io.camure.Round;
import io.camure.test.support.JavaProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application whose role is {@code auto}: it passes rounds, and says in a line when it has passed which, and whether it coordinates. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ElectedInstance {

    /** So many rounds are enough to see what happens, and their lines don't fill the machine. */
    static final long WORK_MILLIS = 5;

    /**
     * What starts one.
     *
     * @param url where the server of the elector is
     * @param timeToLive how long after the coordinator was heard last somebody else is elected
     */
    static List<String> command(Elector elector, String url, Duration timeToLive, String name, String address) {
        return List.of(
                ElectedInstance.class.getName(),
                elector.name(),
                "--spring.main.banner-mode=off",
                "--logging.threshold.console=off",
                "--elector=" + url,
                "--time-to-live=" + timeToLive.toMillis() + "ms",
                "--camure.role=auto",
                "--camure.name=" + name,
                "--camure.session-name=elected",
                "--camure.election.lease=" + elector.lease(timeToLive).toMillis() + "ms",
                "--camure.coordinator.bind-address=" + address + ":0",
                "--camure.groups.steps.type=barrier",
                "--camure.groups.steps.expected-members=3");
    }

    /** @param arguments the name of an {@link Elector}, and settings */
    public static void main(String... arguments) {
        JavaProcess.endWithParent();
        Class<?> elector = Elector.valueOf(arguments[0]).beans();
        SpringApplication.run(
                new Class<?>[] {ElectedInstance.class, elector}, Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    @Bean
    ApplicationRunner rounds(Barrier barrier, Member member) {
        return arguments -> {
            while (!Thread.interrupted()) {
                Thread.sleep(WORK_MILLIS);
                try {
                    Round round = barrier.await();
                    InstanceProcess.tell(
                            round.term(), round.number(), member.coordinator().name());
                } catch (CamureException e) {
                    // Nobody coordinates now.
                }
            }
        };
    }
}
