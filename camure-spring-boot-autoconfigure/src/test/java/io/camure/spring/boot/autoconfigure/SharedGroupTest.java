package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.listeners;
import static io.camure.spring.boot.autoconfigure.TestSession.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;

/** Several listeners to one group. */
class SharedGroupTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Two {

        final BlockingQueue<String> fast = new LinkedBlockingQueue<>();
        final BlockingQueue<String> slow = new LinkedBlockingQueue<>();
        final Semaphore permits = new Semaphore(0);

        @CamureListener(group = "files", id = "fast")
        void onFast(byte[] content) {
            fast.add(new String(content, StandardCharsets.UTF_8));
            content[0] = 'x';
        }

        @CamureListener(group = "files", id = "slow", queueCapacity = "10")
        void onSlow(byte[] content) throws InterruptedException {
            slow.add(new String(content, StandardCharsets.UTF_8));
            permits.acquire();
            if (content[0] == 'b') {
                throw new IllegalStateException("on purpose");
            }
        }

        String nextFast() throws InterruptedException {
            return fast.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }

        String nextSlow() throws InterruptedException {
            return slow.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static long count(ApplicationContext member, String listener, String result) {
        return member.getBean(MeterRegistry.class)
                .get("camure.listener")
                .tag("listener", listener)
                .tag("result", result)
                .timer()
                .count();
    }

    @Test
    void eachHasItsOwnQueueAndMetersAndWaitsForNoOther() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.metered(TestSession.memberOf(coordinator))
                        .withBean(Two.class)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            Two two = member.getBean(Two.class);
                            send(coordinator, "files", "a", "b", "c");
                            for (String expected : List.of("a", "b", "c")) {
                                assertThat(two.nextFast()).isEqualTo(expected);
                            }
                            assertThat(two.nextSlow()).isEqualTo("a");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(listeners(member)
                                                    .endpoint("slow")
                                                    .queueSize())
                                            .isEqualTo(2));
                            two.permits.release(3);
                            assertThat(two.nextSlow()).isEqualTo("b");
                            assertThat(two.nextSlow()).isEqualTo("c");
                            await().atMost(TestSession.SOON).untilAsserted(() -> {
                                assertThat(count(member, "fast", "success")).isEqualTo(3);
                                assertThat(count(member, "slow", "success")).isEqualTo(2);
                            });
                            assertThat(count(member, "fast", "failure")).isZero();
                            assertThat(count(member, "slow", "failure")).isOne();
                        }));
    }

    @Test
    void oneCanBeStoppedWithoutTheOther() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Two.class)
                        .run(member -> {
                            Two two = member.getBean(Two.class);
                            two.permits.release(10);
                            assertThat(listeners(member).endpoint("slow").stop())
                                    .succeedsWithin(TestSession.SOON);
                            send(coordinator, "files", "a");
                            assertThat(two.nextFast()).isEqualTo("a");
                            listeners(member).endpoint("slow").start();
                            send(coordinator, "files", "c");
                            assertThat(two.nextSlow()).isEqualTo("c");
                            assertThat(two.nextFast()).isEqualTo("c");
                            // What comes while none is running waits for whoever is started first.
                            assertThat(listeners(member).endpoint("slow").stop())
                                    .succeedsWithin(TestSession.SOON);
                            assertThat(listeners(member).endpoint("fast").stop())
                                    .succeedsWithin(TestSession.SOON);
                            send(coordinator, "files", "d");
                            listeners(member).endpoint("slow").start();
                            assertThat(two.nextSlow()).isEqualTo("d");
                            assertThat(two.fast).isEmpty();
                        }));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Shape {}

    @JsonTypeName("circle")
    record Circle(int radius) implements Shape {}

    @JsonTypeName("square")
    record Square(int side) implements Shape {}

    static class ByType extends ReceivingListener {

        @CamureListener(group = "files", id = "circles")
        void on(Circle circle) {
            queue.add("circle " + circle.radius());
        }

        @CamureListener(group = "files", id = "squares")
        void onMessage(Message<Square> square) {
            queue.add("square " + square.getPayload().side());
        }

        @CamureListener(group = "files", id = "shapes", condition = "false")
        void on(Shape shape) {
            queue.add("any");
        }
    }

    @Test
    void eachTakesTheMessagesOfItsType() {
        TestSession.coordinator()
                .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                        .withPropertyValues("camure.groups.files.payload-type=" + Shape.class.getName())
                        .withBean(ByType.class)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            CamureTemplate template = coordinator.getBean(CamureTemplate.class);
                            ByType listener = member.getBean(ByType.class);
                            template.send("files", new Circle(1));
                            assertThat(listener.next()).isEqualTo("circle 1");
                            template.send("files", new Square(2));
                            assertThat(listener.next()).isEqualTo("square 2");
                            assertThat(listener.failures).isEmpty();
                        }));
    }

    static class OfUnknownSubtype extends ReceivingListener {
        @CamureListener("files")
        void on(Price price) {
            queue.add(price.cents() + " cents");
        }
    }

    record Price(int cents) {}

    @Test
    void messagesThatDoNotSayOfWhichSubtypeTheyAreAreForAll() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                        .withPropertyValues("camure.groups.files.payload-type=java.lang.Record")
                        .withBean(OfUnknownSubtype.class)
                        .run(member -> {
                            send(coordinator, "files", "{\"cents\": 1}");
                            assertThat(member.getBean(OfUnknownSubtype.class).next())
                                    .isEqualTo("1 cents");
                        }));
    }

    static class ByBytes {
        @CamureListener(group = "files")
        void on(byte[] content) {}
    }

    static class ByStream {
        @CamureListener(group = "files", id = "stream")
        void on(InputStream content) {}
    }

    static class ByImpatience {
        @CamureListener(group = "files", id = "impatient", queueCapacity = "1", onFull = OnFull.FAIL)
        void on(byte[] content) {}
    }

    @Test
    void thoseThatCanNotShareAGroupAreRefused() {
        assertRefused(ByStream.class, "ByBytes.on", "ByStream.on", "which can be read once");
        assertRefused(ByImpatience.class, "ByBytes.on", "ByImpatience.on", "onFull = FAIL");
    }

    private static void assertRefused(Class<?> listener, String... parts) {
        TestSession.member(9)
                .withBean(ByBytes.class)
                .withBean(listener)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll(parts));
    }
}
