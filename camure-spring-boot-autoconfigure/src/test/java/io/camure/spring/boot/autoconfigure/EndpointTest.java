package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.Round;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.RecentRoundsDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the endpoint tells and does; its JSON is tested where there is a web server. */
class EndpointTest {

    private static ApplicationContextRunner exposed(ApplicationContextRunner runner) {
        return runner.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=camure");
    }

    private static CamureEndpoint endpoint(ApplicationContext context) {
        return context.getBean(CamureEndpoint.class);
    }

    private static GroupDescriptor group(ApplicationContext context, String name) {
        return (GroupDescriptor) endpoint(context).one("groups", name);
    }

    @Test
    void aCoordinatorTellsOfItsMembersAndRounds() {
        exposed(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    SessionDescriptor session =
                            endpoint(coordinator).camure().sessions().get(0);
                    assertThat(session.name()).isEqualTo("default");
                    assertThat(session.node()).isEqualTo("coordinator");
                    assertThat(session.role()).isEqualTo("coordinator");
                    assertThat(session.state()).isEqualTo("open");
                    assertThat(session.members()).isOne();
                    assertThat(session.statistics().datagramsSent()).isPositive();
                    assertThat(session.groups())
                            .extracting(GroupDescriptor::name)
                            .containsExactly("start-line", "finish", "files");

                    CompletableFuture<Round> there = coordinator
                            .getBean("start-line", CoordinatorBarrier.class)
                            .awaitAsync();
                    GroupDescriptor waiting = group(coordinator, "start-line");
                    String address = "127.0.0.1:"
                            + member.getBean(Member.class).address().getPort();
                    assertThat(waiting.members())
                            .extracting(MemberDescriptor::address, MemberDescriptor::arrived, MemberDescriptor::slow)
                            .containsExactly(tuple(address, false, null));
                    assertThat(waiting.round().coordinatorArrived()).isTrue();
                    assertThat(waiting.round().missing()).isOne();
                    assertThat(waiting.round().waitingMillis()).isNotNull();
                    assertThat(waiting.rounds().last()).isNull();
                    assertThat(waiting.broadcast()).isNull();

                    member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                    await().atMost(TestSession.SOON)
                            .until(() ->
                                    group(coordinator, "start-line").rounds().completed() == 1);
                    GroupDescriptor passed = group(coordinator, "start-line");
                    assertThat(passed.round().waitingMillis()).isNull();
                    assertThat(passed.rounds().last().participants()).isEqualTo(2);
                    long micros = there.join().duration().toNanos() / 1000;
                    assertThat(passed.rounds().recent())
                            .isEqualTo(new RecentRoundsDescriptor(1, micros, micros, micros));
                    // An answer that took so long that what it answers was repeated is not measured.
                    await().atMost(TestSession.SOON).until(() -> {
                        coordinator
                                .getBean("start-line", CoordinatorBarrier.class)
                                .awaitAsync();
                        member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                        return group(coordinator, "start-line").roundTripMicros() != null;
                    });
                }));
    }

    @Test
    void aMemberTellsOfItsCoordinatorAndWhatItHasReceived() {
        TestSession.coordinator()
                .run(coordinator -> exposed(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send(new byte[500]);
                            await().atMost(TestSession.SOON)
                                    .until(() ->
                                            group(member, "files").broadcast().bytes() == 500);
                            SessionDescriptor session =
                                    endpoint(member).camure().sessions().get(0);
                            assertThat(session.coordinator().address())
                                    .isEqualTo("127.0.0.1:"
                                            + member.getBean(Member.class)
                                                    .coordinatorAddress()
                                                    .getPort());
                            assertThat(session.members()).isNull();
                            assertThat(group(member, "files").broadcast().messages())
                                    .isOne();
                            assertThat(group(member, "files").broadcast().windowCapacity())
                                    .isEqualTo(1024);
                            assertThat(group(member, "files").members()).isNull();
                        }));
    }

    static class Listener {
        @CamureListener(group = "files", id = "board")
        void on(byte[] content) {}
    }

    @Test
    void listenersAreStoppedAndStarted() {
        TestSession.coordinator()
                .run(coordinator -> exposed(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            CamureEndpoint endpoint = endpoint(member);
                            ListenerDescriptor running = new ListenerDescriptor("board", "files", true, 0, 0, 0);
                            assertThat(endpoint.camure().listeners()).containsExactly(running);

                            assertThat(endpoint.change("listeners", "board", CamureEndpoint.Action.STOP)
                                            .running())
                                    .isFalse();
                            assertThat(((ListenerDescriptor) endpoint.one("listeners", "board")).running())
                                    .isFalse();
                            assertThat(endpoint.change("listeners", "board", CamureEndpoint.Action.START))
                                    .isEqualTo(running);

                            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                                    .isThrownBy(() -> endpoint.change("listeners", "x", CamureEndpoint.Action.STOP))
                                    .withMessage("there is no listener 'x': there are [board]");
                            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                                    .isThrownBy(() -> endpoint.change("groups", "files", CamureEndpoint.Action.STOP));
                        }));
    }

    @Test
    void groupsInCodeComeAndGoAndOthersAreNotFound() {
        exposed(TestSession.coordinator()).run(context -> {
            context.getBean(CamureGroups.class).createBarrier("phase-2", GroupConfig.defaults());
            assertThat(group(context, "phase-2").state()).isEqualTo("open");
            context.getBean(CamureGroups.class).remove("phase-2");
            assertThat(endpoint(context).one("groups", "phase-2")).isNull();
            assertThat(endpoint(context).one("listeners", "phase-2")).isNull();
            assertThat(endpoint(context).one("members", "start-line")).isNull();
        });
    }

    @Test
    void aStoppedSessionIsToldOfToo() {
        exposed(TestSession.coordinator()).run(context -> {
            context.getSourceApplicationContext().stop();
            assertThat(endpoint(context).camure().sessions().get(0).state()).isEqualTo("stopped");
            assertThat(group(context, "start-line").state()).isEqualTo("stopped");
        });
    }

    @Test
    void itIsThereOnlyWhereItIsExposed() {
        TestSession.coordinator().run(context -> assertThat(context).doesNotHaveBean(CamureEndpoint.class));
        exposed(TestSession.coordinator())
                .withPropertyValues("camure.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(CamureEndpoint.class));
        exposed(TestSession.coordinator())
                .withPropertyValues("management.endpoint.camure.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(CamureEndpoint.class));
        exposed(TestSession.application())
                .run(context ->
                        assertThat(endpoint(context).camure().sessions()).isEmpty());
    }

    @Test
    void theExampleOfTheReferenceIsWhatItTells() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference.md"));
        int start = reference.indexOf("```json\n{\n  \"time\"") + "```json\n".length();
        String example = reference.substring(start, reference.indexOf("```", start));
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        CamureDescriptor described = strict.readValue(example, CamureDescriptor.class);
        assertThat(described.sessions().get(0).groups())
                .extracting(GroupDescriptor::type)
                .containsExactly("barrier", "broadcast");
        // And nothing that a coordinator knows is left out of it.
        exposed(TestSession.coordinator()).run(coordinator -> {
            JsonNode told = strict.valueToTree(endpoint(coordinator).camure());
            JsonNode barrier = told.at("/sessions/0/groups/0");
            JsonNode documented = strict.readTree(example).at("/sessions/0");
            assertThat(documented.propertyNames()).containsAll(namesOfKnown(told.at("/sessions/0")));
            assertThat(documented.at("/groups/0").propertyNames()).containsAll(namesOfKnown(barrier));
            assertThat(documented.at("/groups/1").propertyNames())
                    .containsAll(namesOfKnown(told.at("/sessions/0/groups/2")));
        });
    }

    private static List<String> namesOfKnown(JsonNode node) {
        return node.propertyNames().stream()
                .filter(name -> !node.get(name).isNull())
                .toList();
    }

    @Test
    void whatItTellsCanBeWrittenInANativeImage() {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, CamureEndpoint.class);
        assertThat(RuntimeHintsPredicates.reflection().onType(MemberDescriptor.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(ListenerDescriptor.class))
                .accepts(hints);
    }
}
