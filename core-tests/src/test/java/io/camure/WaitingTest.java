package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.simulation.VirtualSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Whoever waits for long is told of in the log, with what is missing. In virtual time. */
@Timeout(60)
class WaitingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final GroupConfig GROUP =
            GroupConfig.builder().id(4).timeout(MINUTE).build();

    private final VirtualSession session = new VirtualSession();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.camure");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void begin() {
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private static void fails(Class<? extends Throwable> how, ThrowingCallable call) {
        assertThatExceptionOfType(how).isThrownBy(call);
    }

    /** The lines that tell of waits, with their levels. */
    private List<String> told() {
        return appender.list.stream()
                .filter(event -> event.getFormattedMessage().contains("has waited"))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void aCoordinatorTellsHowManyExpectedMembersAreMissingAndWhoIsThere() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier barrier =
                    hub.createBarrier(GROUP.toBuilder().expectedMembers(3).build());
            try (Member there = session.member("there")) {
                Barrier unused = there.joinBarrier(4);
                RoundTimeoutException timedOut = catchThrowableOfType(RoundTimeoutException.class, barrier::await);

                assertThat(timedOut)
                        .hasMessageStartingWith(barrier + ": round 0 is not complete after 1m: 2 of 3 expected members"
                                + " are missing; there: there (");
            }
        });
        assertThat(told()).hasSize(4);
        assertThat(told().get(0))
                .startsWith(
                        "INFO hub: barrier 4: has waited 5s for round 0: 2 of 3 expected members are missing; there: there (");
        assertThat(told()).element(1).asString().contains("waited 10s");
        assertThat(told()).element(2).asString().contains("waited 20s");
        assertThat(told()).element(3).asString().contains("waited 40s");
    }

    @Test
    void aCoordinatorTellsWhichMembersHaveNotArrived() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier barrier = hub.createBarrier(GROUP);
            try (Member late = session.member("late");
                    Member early = session.member("early")) {
                Barrier lateOne = late.joinBarrier(4);
                Barrier earlyOne = early.joinBarrier(4);
                session.start("early", earlyOne::await);
                session.start("late", () -> {
                    session.sleep(Duration.ofSeconds(7));
                    lateOne.await();
                });
                barrier.await();
                // For the others to return.
                session.sleep(Duration.ofSeconds(1));
            }
        });
        assertThat(told()).hasSize(2);
        assertThat(told())
                .filteredOn(line -> line.startsWith("INFO hub"))
                .singleElement()
                .asString()
                .contains("5s for round 0: 1 of 2 members have not arrived: late (", "; arrived: early (");
        assertThat(told())
                .filteredOn(line -> line.startsWith("INFO early"))
                .singleElement()
                .asString()
                .contains("5s for round 0: this node has arrived", "the coordinator hub (");
    }

    @Test
    void manyThreadsThatWaitAreToldOfOnce() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier barrier =
                    hub.createBarrier(GROUP.toBuilder().expectedMembers(1).build());
            for (int i = 0; i < 20; i++) {
                session.start(
                        "waiting-" + i,
                        () -> fails(RoundTimeoutException.class, () -> barrier.await(Duration.ofSeconds(12))));
            }
            session.sleep(MINUTE);
        });
        assertThat(told()).hasSize(2);
    }

    @Test
    void manyThreadsThatBeginToWaitOneAfterTheOtherAreToldOfOnce() throws Exception {
        session.play(hub -> {
            CoordinatorGroup group = hub.createBarrier(GROUP);
            for (int i = 0; i < 10; i++) {
                session.start(
                        "waiting-" + i,
                        () -> fails(CamureTimeoutException.class, () -> group.awaitMembers(1, Duration.ofSeconds(12))));
                session.sleep(Duration.ofMillis(300));
            }
            session.sleep(MINUTE);
        });
        assertThat(told()).hasSize(2);
    }

    @Test
    void manyShortWaitsForOneRoundAreToldOfAsOneLongOne() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier barrier =
                    hub.createBarrier(GROUP.toBuilder().expectedMembers(1).build());
            for (int i = 0; i < 24; i++) {
                assertThat(catchThrowableOfType(
                                RoundTimeoutException.class, () -> barrier.await(Duration.ofSeconds(1))))
                        .isNotNull();
            }
        });
        assertThat(told()).hasSize(3);
    }

    @Test
    void aFutureIsToldOfAtTheCoordinator() throws Exception {
        session.play(hub -> {
            var unused = hub.createBarrier(GROUP.toBuilder().expectedMembers(1).build())
                    .awaitAsync();
            session.sleep(Duration.ofSeconds(12));
        });
        assertThat(told()).hasSize(2);
    }

    @Test
    void aSenderTellsThatItWaitsForMembers() throws Exception {
        session.play(hub -> {
            BroadcastGroup group = hub.createBroadcast(GROUP.toBuilder()
                    .expectedMembers(2)
                    .timeout(Duration.ofSeconds(8))
                    .build());
            DeliveryTimeoutException timedOut =
                    catchThrowableOfType(DeliveryTimeoutException.class, () -> group.send(new byte[1]));
            assertThat(timedOut)
                    .hasMessageContaining("no message could be sent for 8s: 2 of 2 expected members are missing");
            fails(CamureTimeoutException.class, () -> group.awaitMembers(2, Duration.ofSeconds(8)));
        });
        assertThat(told())
                .containsExactly(
                        "INFO hub: broadcast 4: has waited 5s for members: 2 of 2 expected members are missing; nobody is there",
                        "INFO hub: broadcast 4: has waited 5s for members: 2 of 2 members are missing; nobody is there");
    }

    @Test
    void aSenderWarnsOfAMemberThatLeavesItNoRoomAndAReceiverIsSilent() throws Exception {
        session.play(hub -> {
            BroadcastGroup group = hub.createBroadcast(
                    GROUP.toBuilder().timeout(Duration.ofSeconds(8)).build());
            try (Member reader = session.member("reader");
                    Member idle = session.member("idle")) {
                BroadcastReceiver received = reader.joinBroadcast(4);
                session.start("reader", () -> {
                    while (received.receive(Duration.ofSeconds(30)).isPresent()) {
                        continue;
                    }
                });
                BroadcastReceiver unread = idle.joinBroadcast(4);
                assertThat(unread.isOpen()).isTrue();
                fails(DeliveryTimeoutException.class, () -> {
                    while (true) {
                        group.send(new byte[100_000]);
                    }
                });
                session.sleep(Duration.ofSeconds(31));
            }
        });
        assertThat(told()).singleElement().asString().startsWith("WARN hub").contains("5s for room to send", "idle (");
    }

    @Test
    void aMemberTellsThatItWaitsToBeLetIntoAGroup() throws Exception {
        session.play(hub -> {
            try (Member member = session.member("spoke")) {
                fails(JoinTimeoutException.class, () -> member.joinBarrier(4));
            }
        });
        assertThat(told())
                .hasSize(2)
                .element(0)
                .asString()
                .contains("INFO spoke: barrier 4: has waited 5s for", "hub (");
    }

    @Test
    void aMemberTellsThatItWaitsForACoordinator() throws Exception {
        InetSocketAddress nobody = session.address("nobody");
        session.play(hub -> {
            fails(
                    JoinTimeoutException.class,
                    () -> Member.join(nobody, session.config("spoke").build()));
            fails(
                    JoinTimeoutException.class,
                    () -> Member.join(
                            CoordinatorLocator.fixed(nobody),
                            session.config("other").build()));
        });
        assertThat(told())
                .hasSize(2)
                .element(0)
                .asString()
                .contains("INFO spoke: has waited 5s for the coordinator at");
        assertThat(appender.list)
                .filteredOn(event -> event.getLevel() == Level.INFO
                        && event.getFormattedMessage().startsWith("other: no coordinator has admitted this node"))
                .hasSize(2);
    }
}
