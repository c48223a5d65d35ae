package io.camure.test.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Round;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Sessions on the loopback interface; all that a test opens here is closed behind it, the newest first. */
public final class Loopback implements AfterEachCallback {

    /** Far more than anything takes that works: a test that passes never waits for so long. */
    public static final Duration LONG = Duration.ofSeconds(30);

    /** What a test waits for something that must not happen. */
    public static final Duration BRIEF = Duration.ofMillis(100);

    public static final GroupConfig GROUP = GroupConfig.builder().timeout(LONG).build();

    private final List<AutoCloseable> opened = new ArrayList<>();

    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public static InetSocketAddress multicast() {
        return new InetSocketAddress("239.255.74.0", 7411);
    }

    /**
     * Legacy members are told at once that a group is closed. Members are lost after three and a half seconds of silence, which those that
     * live don't come near to.
     */
    public static CoordinatorConfig.Builder shortTimeouts() {
        return CoordinatorConfig.builder()
                .heartbeatInterval(Duration.ofMillis(50))
                .memberTimeout(Duration.ofMillis(3500))
                .legacyLinger(Duration.ZERO);
    }

    /** Legacy members are told at once that a group is closed. */
    public Coordinator coordinator() {
        return coordinator(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
    }

    public Coordinator coordinator(CoordinatorConfig.Builder config) {
        return closeLater(Coordinator.start(anyPort(), multicast(), config.build()));
    }

    public Member member(Coordinator coordinator) throws InterruptedException {
        return member(coordinator, MemberConfig.builder());
    }

    public Member member(Coordinator coordinator, MemberConfig.Builder config) throws InterruptedException {
        return closeLater(Member.join(
                coordinator.address(),
                config.joinTimeout(LONG).messageTimeout(LONG).build()));
    }

    public List<Member> members(Coordinator coordinator, int count) throws InterruptedException {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(member(coordinator, MemberConfig.builder().name("member-" + i)));
        }
        return members;
    }

    /** A legacy member in a group that does nothing by itself: no sign of life, no acknowledgement. */
    public ScriptedMember silentMember(Coordinator coordinator, int group, int type) {
        return closeLater(ScriptedMember.silent(coordinator.address(), group, type));
    }

    /** A socket that has not said anything to the coordinator. */
    public ScriptedMember stranger(Coordinator coordinator) {
        return closeLater(new ScriptedMember(coordinator.address()));
    }

    /** Waits at a barrier in a thread of its own, in which it has arrived when this returns. */
    public static Background<Round> awaitInBackground(Barrier barrier) {
        Background<Round> waiting = Background.run(() -> barrier.await(LONG));
        waiting.awaitBlocked();
        return waiting;
    }

    /** Runs a round with everybody. */
    public static Round round(Barrier coordinator, List<? extends Barrier> members) throws Exception {
        List<Background<Round>> waiting = new ArrayList<>();
        members.forEach(member -> waiting.add(Background.run(() -> member.await(LONG))));
        Round round = coordinator.await(LONG);
        for (Background<Round> each : waiting) {
            assertThat(each.result().number()).isEqualTo(round.number());
        }
        return round;
    }

    public <T extends AutoCloseable> T closeLater(T closeable) {
        opened.add(0, closeable);
        return closeable;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        opened.clear();
    }
}
