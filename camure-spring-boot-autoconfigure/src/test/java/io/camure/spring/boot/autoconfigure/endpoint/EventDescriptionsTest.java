package io.camure.spring.boot.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CamureException;
import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.spring.CamureEvent;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.RoundBrokenEvent;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import java.lang.reflect.Constructor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens in a session is told of in the history. */
class EventDescriptionsTest {

    private static final Node NODE = new Node("orders-7f9c", new InetSocketAddress("10.0.3.7", 46064), 1);

    static Stream<Class<?>> events() {
        return Stream.of(CamureEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("events")
    void eachKindOfEventIsTold(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        Object[] values = Stream.of(constructor.getParameterTypes())
                .map(EventDescriptionsTest::sample)
                .toArray();

        CamureEvent event = (CamureEvent) constructor.newInstance(values);
        for (boolean shown : new boolean[] {true, false}) {
            EventDescriptor told = EventDescriptions.of(event, Instant.EPOCH, shown);

            assertThat(told.kind()).isNotBlank();
            assertThat(told.text()).isNotBlank();
            assertThat(told.session()).isEqualTo("text");
        }
    }

    static List<CamureEvent> failures() {
        return List.of(
                new RoundBrokenEvent(
                        "default",
                        "member",
                        "progress",
                        new RoundBrokenException(
                                "progress: round 7 has no result: the reducer merge has failed: odd 4711",
                                7,
                                RoundBrokenException.Reason.FAILED,
                                List.of(),
                                "the reducer merge has failed")),
                new ListenerFailedEvent(
                        "default", "member", "files", "board", new IllegalArgumentException("odd 4711")));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatExceptionsOfTheApplicationSayIsForThoseWhoMaySeeValues(CamureEvent event) {
        assertThat(EventDescriptions.of(event, Instant.EPOCH, true).text()).contains("odd 4711");
        assertThat(EventDescriptions.of(event, Instant.EPOCH, false).text())
                .doesNotContain("4711")
                .containsAnyOf(
                        "round 7 has no result: the reducer merge has failed", "board has failed: java.lang.Illegal");
    }

    private static Object sample(Class<?> type) {
        if (type == String.class) {
            return "text";
        } else if (type == Node.class) {
            return NODE;
        } else if (type == Duration.class) {
            return Duration.ofSeconds(5);
        } else if (type == RoundBrokenException.class) {
            return new RoundBrokenException("why", 1, RoundBrokenException.Reason.RESET, List.of());
        } else if (type == boolean.class) {
            return true;
        } else if (type == int.class) {
            return 7;
        } else if (type == long.class) {
            return 7L;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return new CamureException("why");
    }
}
