package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.listeners;
import static io.camure.spring.boot.autoconfigure.TestSession.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpoint.DropReason;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.ListenerQueueFullException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What becomes of messages that come faster than a listener handles them. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerQueueTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** Handles a message when it is let. */
    abstract static class Slow extends ReceivingListener {

        final Semaphore permits = new Semaphore(0);

        void take(String content) throws InterruptedException {
            queue.add(content);
            permits.acquire();
        }
    }

    static class Waiting extends Slow {
        @CamureListener(group = "files", queueCapacity = "2")
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class DroppingTheNewest extends Slow {
        @CamureListener(group = "files", queueCapacity = "2", onFull = OnFull.DROP_NEWEST)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class DroppingTheOldest extends Slow {
        @CamureListener(group = "files", queueCapacity = "2", onFull = OnFull.DROP_OLDEST)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class TakingTheLatest extends Slow {
        @CamureListener(group = "files", onFull = OnFull.LATEST)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class LeavingWhenFull extends Slow {
        @CamureListener(group = "files", queueCapacity = "2", onFull = OnFull.FAIL)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    @Test
    void aFullQueueCanHoldTheSenderBack() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Waiting.class)
                        .run(member -> {
                            Waiting listener = member.getBean(Waiting.class);
                            CamureListenerEndpoint endpoint = listeners(member).endpoint("files");
                            send(coordinator, "files", "1", "2", "3", "4", "5", "6");
                            assertThat(listener.next()).isEqualTo("1");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(endpoint.queueSize()).isEqualTo(2));
                            listener.permits.release(6);
                            for (String expected : List.of("2", "3", "4", "5", "6")) {
                                assertThat(listener.next()).isEqualTo(expected);
                            }
                            assertThat(endpoint.dropped()).isZero();
                        }));
    }

    @Test
    void aFullQueueCanDropWhatComes(CapturedOutput output) {
        assertGetsOfFive(DroppingTheNewest.class, DropReason.FULL, "2", "3");
        assertThat(output).contains("WARN", "DroppingTheNewest.on", "a message was dropped: its queue of 2 is full");
    }

    @Test
    void aFullQueueCanDropWhatHasWaitedLongest(CapturedOutput output) {
        assertGetsOfFive(DroppingTheOldest.class, DropReason.FULL, "4", "5");
        assertThat(output).contains("WARN", "DroppingTheOldest.on", "a message was dropped: its queue of 2 is full");
    }

    @Test
    void onlyTheLatestMessageMayWait(CapturedOutput output) {
        InfoLog.during(() -> assertGetsOfFive(TakingTheLatest.class, DropReason.SUPERSEDED, "5"));
        assertThat(output)
                .doesNotContain("WARN")
                .contains("INFO", "TakingTheLatest.on", "a message was passed over for newer ones");
    }

    /** @param expected what a listener gets that is busy with the first one while the others come */
    private static void assertGetsOfFive(Class<? extends Slow> type, DropReason reason, String... expected) {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(type)
                        .run(member -> {
                            Slow listener = member.getBean(type);
                            CamureListenerEndpoint endpoint = listeners(member).endpoint("files");
                            send(coordinator, "files", "1");
                            assertThat(listener.next()).isEqualTo("1");
                            send(coordinator, "files", "2", "3", "4", "5");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(
                                            () -> assertThat(endpoint.dropped()).isEqualTo(4 - expected.length));
                            assertThat(endpoint.dropped(reason)).isEqualTo(endpoint.dropped());
                            listener.permits.release(10);
                            for (String each : expected) {
                                assertThat(listener.next()).isEqualTo(each);
                            }
                            send(coordinator, "files", "6");
                            assertThat(listener.next()).isEqualTo("6");
                        }));
    }

    @Test
    void aFullQueueCanLeaveTheGroupUntilTheListenerIsStartedAgain() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(LeavingWhenFull.class)
                        .run(member -> {
                            LeavingWhenFull listener = member.getBean(LeavingWhenFull.class);
                            CamureListenerEndpoint endpoint = listeners(member).endpoint("files");
                            BroadcastGroup files = coordinator.getBean(BroadcastGroup.class);
                            send(coordinator, "files", "1");
                            assertThat(listener.next()).isEqualTo("1");
                            send(coordinator, "files", "2", "3", "4");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(
                                            () -> assertThat(files.members()).isEmpty());
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(listener.failures)
                                            .singleElement()
                                            .extracting(ListenerFailedEvent::failure)
                                            .isInstanceOf(ListenerQueueFullException.class));
                            assertThat(endpoint.isRunning()).isFalse();
                            listener.permits.release(10);
                            assertThat(listener.next()).isEqualTo("2");
                            assertThat(listener.next()).isEqualTo("3");

                            endpoint.start();
                            files.awaitMembers(1, TestSession.SOON);
                            send(coordinator, "files", "5");
                            assertThat(listener.next()).isEqualTo("5");
                        }));
    }

    @Test
    void whatIsInTheQueueIsHandledBeforeTheEnd() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Waiting.class)
                        .run(member -> {
                            Waiting listener = member.getBean(Waiting.class);
                            CamureListenerEndpoint endpoint = listeners(member).endpoint("files");
                            send(coordinator, "files", "1", "2", "3");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(endpoint.queueSize()).isEqualTo(2));
                            CompletableFuture<Void> stopped = endpoint.stop();
                            // The thread that reads has ended, so that the queue knows that it is to end.
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(TestSession.threads()).doesNotContain("camure-member-files"));
                            listener.permits.release(3);
                            assertThat(stopped).succeedsWithin(TestSession.SOON);
                            assertThat(listener.queue).containsExactly("1", "2", "3");
                            assertThat(endpoint.dropped()).isZero();
                        }));
    }
}
