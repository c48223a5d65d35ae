package io.camure.interop;

import static io.camure.test.support.Chunk.SESSION_JOIN;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Member;
import io.camure.ProtocolVersionException;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A member meets a coordinator that speaks only later versions of the protocol. */
class NewerCoordinatorTest {

    private static final Chunk REFUSED = new Chunk("28" + "01020307");

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @Test
    void joiningFailsAtOnceAndSaysWhichVersionsThereAre() {
        coordinator.withoutAnswering();
        CompletableFuture<Member> joining = Background.async(() -> Member.join(coordinator.address()));
        coordinator.expect(SESSION_JOIN).send(REFUSED);

        assertThat(joining)
                .failsWithin(DEADLINE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(ProtocolVersionException.class)
                .withMessageContaining("3…7")
                .withMessageContaining(" 127.0.0.1:" + coordinator.address().getPort());
    }

    @Test
    void whoIsInTheSessionTakesNoRefusal() throws InterruptedException {
        try (Member member = Member.join(coordinator.address())) {
            coordinator.expect(SESSION_JOIN).send(REFUSED).settle();

            assertThat(member.isOpen()).isTrue();
            assertThat(member.statistics().datagramsDropped()).containsEntry("unexpected", 1L);
        }
    }
}
