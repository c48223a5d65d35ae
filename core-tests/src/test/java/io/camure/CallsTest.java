package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camure.simulation.VirtualSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are there beside others, to be used with less. In virtual time. */
@Timeout(60)
class CallsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualSession session = new VirtualSession();

    @Test
    void aMemberKnowsItsGroups() throws Exception {
        session.play(hub -> {
            CoordinatorGroup line =
                    hub.createBarrier(GroupConfig.builder().id(1).build());
            CoordinatorGroup news =
                    hub.createBroadcast(GroupConfig.builder().id(2).build());
            for (Rejoin rejoin : List.of(Rejoin.never(), Rejoin.backOff())) {
                try (Member spoke = Member.join(
                        hub.address(), session.config("spoke").rejoin(rejoin).build())) {
                    Barrier atLine = spoke.joinBarrier(1);
                    BroadcastReceiver received = spoke.joinBroadcast(2);
                    assertThat(spoke.groups()).containsExactly(atLine, received);
                    atLine.close();
                    assertThat(spoke.groups()).containsExactly(received);
                }
            }
            assertThat(hub.groups()).containsExactlyInAnyOrder(line, news);
        });
    }

    @Test
    void aListenerThatWasRemovedIsNotCalled() throws Exception {
        List<String> told = new ArrayList<>();
        session.play(hub -> {
            CoordinatorBarrier barrier =
                    hub.createBarrier(GroupConfig.builder().id(1).build());
            GroupListener removed = listener(told, "removed");
            barrier.addListener(removed);
            barrier.addListener(listener(told, "kept"));
            barrier.removeListener(removed);
            for (Rejoin rejoin : List.of(Rejoin.never(), Rejoin.backOff())) {
                try (Member spoke = Member.join(
                        hub.address(), session.config("spoke").rejoin(rejoin).build())) {
                    MemberListener removedToo = memberListener(told, "removed");
                    spoke.addListener(removedToo);
                    spoke.addListener(memberListener(told, "kept"));
                    spoke.removeListener(removedToo);
                    Barrier unused = spoke.joinBarrier(1);
                    session.host("hub").disconnect();
                    session.sleep(Duration.ofSeconds(9));
                    session.host("hub").connect();
                }
                session.sleep(Duration.ofSeconds(9));
            }
        });
        assertThat(told)
                .contains("kept: joined", "kept: coordinator lost")
                .noneMatch(line -> line.startsWith("removed"));
    }

    private static GroupListener listener(List<String> told, String name) {
        return new GroupListener() {
            @Override
            public void memberJoined(Node member) {
                told.add(name + ": joined");
            }
        };
    }

    private static MemberListener memberListener(List<String> told, String name) {
        return new MemberListener() {
            @Override
            public void coordinatorLost(CamureException why) {
                told.add(name + ": coordinator lost");
            }
        };
    }

    @Test
    void anArrivalCanHaveATimeoutOfItsOwn() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        session.play(hub -> {
            CoordinatorBarrier barrier = hub.createBarrier(
                    GroupConfig.builder().id(1).expectedMembers(2).build());
            try (Member spoke = session.member("spoke")) {
                Barrier joined = spoke.joinBarrier(1);
                CompletableFuture<Round> atHub = barrier.awaitAsync(Duration.ofSeconds(2));
                CompletableFuture<Round> atSpoke = joined.awaitAsync(Duration.ofSeconds(3));
                session.sleep(Duration.ofSeconds(4));
                failures.add(catchThrowableOfType(CompletionException.class, atHub::join));
                failures.add(catchThrowableOfType(CompletionException.class, atSpoke::join));
            }
        });
        assertThat(failures).allSatisfy(failure -> assertThat(failure).hasCauseInstanceOf(RoundTimeoutException.class));
        assertThat(failures.get(0)).hasMessageContaining("not complete after 2s");
        assertThat(failures.get(1)).hasMessageContaining("not released after 3s");
    }

    @Test
    void aReceiverCanWaitForTheNextMessageHoweverLongThatTakes() throws Exception {
        List<String> received = new ArrayList<>();
        session.play(hub -> {
            BroadcastGroup group =
                    hub.createBroadcast(GroupConfig.builder().id(1).build());
            try (Member spoke = session.member("spoke")) {
                BroadcastReceiver receiver = spoke.joinBroadcast(1);
                session.start("reader", () -> received.add(text(receiver.receive())));
                session.sleep(MINUTE);
                group.send("late".getBytes(StandardCharsets.UTF_8));
                session.sleep(MINUTE);
            }
        });
        assertThat(received).containsExactly("late");
    }

    @Test
    void aTestCanMakeAMessage() throws Exception {
        assertThat(text(Message.of(new byte[] {'h', 'i'}))).isEqualTo("hi");
    }

    private static String text(Message message) throws Exception {
        return new String(message.bytes(), StandardCharsets.UTF_8);
    }
}
