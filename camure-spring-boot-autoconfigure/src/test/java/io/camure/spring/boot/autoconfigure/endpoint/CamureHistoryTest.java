package io.camure.spring.boot.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.MemberAdapter;
import io.camure.spring.payload.MessageTypes;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.Gate;
import io.camure.spring.session.GroupDefinition;
import io.camure.spring.session.SessionBindings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Recording, of groups of which one can't be looked at. */
@ExtendWith(OutputCaptureExtension.class)
class CamureHistoryTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final AtomicInteger looks = new AtomicInteger();
    private final CamureHistory history = new CamureHistory(sessions());

    private static GroupDefinition group(String name, GroupKind kind) {
        return new GroupDefinition(name, "this test", kind, GroupConfig.defaults(), null, MessageTypes.NONE, Gate.NONE);
    }

    private SessionBindings sessions() {
        List<GroupDefinition> groups = List.of(group("odd", new Odd()), group("start-line", GroupType.BARRIER.kind()));
        return new SessionBindings(Stream.of(new CoordinatorLifecycle(
                new CoordinatorDefinition("default", "coordinator", groups),
                () -> Coordinator.start(CoordinatorConfig.defaults()),
                new Callbacks(() -> null, List::of))));
    }

    private List<String> recorded() {
        return history.describe(true).groups().stream()
                .map(GroupHistoryDescriptor::name)
                .toList();
    }

    @Test
    void aGroupThatCantBeLookedAtKeepsNoOtherFromBeingRecordedAndIsTriedAgain(CapturedOutput output) {
        history.sample(Instant.now());
        assertThat(recorded()).containsExactly("start-line");
        history.sample(Instant.now());
        assertThat(output.getOut())
                .containsOnlyOnce("The history of the endpoint lacks coordinator: barrier 'odd'")
                .containsOnlyOnce("on purpose 1");
        history.sample(Instant.now());
        assertThat(recorded()).containsExactly("odd", "start-line");
    }

    @Test
    void recordingOutlivesWhatIsThrown() {
        history.start();
        await().atMost(SOON).until(() -> looks.get() > 2);
        history.stop();

        assertThat(recorded()).contains("start-line");
    }

    /** A kind of group that can be looked at from the third time on. */
    private final class Odd implements GroupKind {

        @Override
        public String name() {
            return "barrier";
        }

        @Override
        public Class<? extends CoordinatorGroup> coordinatorType() {
            return CoordinatorBarrier.class;
        }

        @Override
        public Class<? extends Group> memberType() {
            return Group.class;
        }

        @Override
        public boolean takesPayloadType() {
            return false;
        }

        @Override
        public boolean hasRounds() {
            return false;
        }

        @Override
        public boolean canBeGate() {
            return false;
        }

        @Override
        public CoordinatorAdapter<?> atCoordinator(GroupContext group) {
            return new CoordinatorAdapter<>(CoordinatorBarrier.class, group) {

                @Override
                public CoordinatorBarrier create(Coordinator coordinator) {
                    return coordinator.createBarrier(group.config());
                }

                @Override
                public GroupDetails details() {
                    return new GroupDetails(Map.of());
                }

                @Override
                public GroupSample sample() {
                    if (looks.incrementAndGet() <= 2) {
                        throw new IllegalStateException("on purpose " + looks);
                    }
                    return new GroupSample(Map.of(), Map.of(), Map.of(), List.of(), List.of());
                }
            };
        }

        @Override
        public MemberAdapter<?> atMember(GroupContext group) {
            throw new UnsupportedOperationException();
        }
    }
}
