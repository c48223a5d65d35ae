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
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the endpoint tells and does; its JSON is tested where there is a web server. */
class EndpointTest {

    private static ApplicationContextRunner exposed(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "spring.jmx.enabled=true",
                "management.endpoints.jmx.exposure.include=camure",
                "management.endpoint.camure.show-values=always");
    }

    private static ApplicationContextRunner sealed(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "camure.security.mode=required", "camure.security.secrets=AAAAAAAAAAAAAAAAAAAAAA==");
    }

    private static CamureEndpoint endpoint(ApplicationContext context) {
        return context.getBean(CamureEndpoint.class);
    }

    private static GroupDescriptor group(ApplicationContext context, String name) {
        return (GroupDescriptor) endpoint(context).one("groups", name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detail(GroupDescriptor group, String name) {
        return (Map<String, Object>) group.details().get(name);
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
                            .extracting(MemberDescriptor::name, MemberDescriptor::address, MemberDescriptor::details)
                            .containsExactly(tuple("member", address, Map.of("arrived", false)));
                    assertThat(detail(waiting, "round"))
                            .containsEntry("coordinatorArrived", true)
                            .containsEntry("missing", 1)
                            .containsKey("waitingMillis");
                    assertThat(detail(waiting, "rounds")).doesNotContainKey("last");
                    assertThat(waiting.details()).doesNotContainKey("broadcast");

                    member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                    await().atMost(TestSession.SOON)
                            .until(() -> detail(group(coordinator, "start-line"), "rounds")
                                    .get("completed")
                                    .equals(1L));
                    GroupDescriptor passed = group(coordinator, "start-line");
                    assertThat(detail(passed, "round")).doesNotContainKey("waitingMillis");
                    assertThat(detail(passed, "rounds"))
                            .extractingByKey("last", InstanceOfAssertFactories.MAP)
                            .containsEntry("participants", 2);
                    long micros = there.join().duration().toNanos() / 1000;
                    assertThat(detail(passed, "rounds"))
                            .containsEntry(
                                    "recent",
                                    Map.of(
                                            "count",
                                            1,
                                            "medianMicros",
                                            micros,
                                            "p99Micros",
                                            micros,
                                            "maximumMicros",
                                            micros));
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
                                    .until(() -> detail(group(member, "files"), "broadcast")
                                            .get("bytes")
                                            .equals(500L));
                            SessionDescriptor session =
                                    endpoint(member).camure().sessions().get(0);
                            assertThat(session.coordinator().name()).isEqualTo("coordinator");
                            assertThat(session.coordinator().address())
                                    .isEqualTo("127.0.0.1:"
                                            + member.getBean(Member.class)
                                                    .coordinatorAddress()
                                                    .getPort());
                            assertThat(session.members()).isNull();
                            assertThat(detail(group(member, "files"), "broadcast"))
                                    .containsEntry("messages", 1L)
                                    .containsEntry("windowCapacity", 1024);
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
        JsonMapper mapper = JsonMapper.shared();
        JsonNode documented = mapper.readTree(example);
        assertThat(documented.at("/sessions/0/groups").findValuesAsString("type"))
                .containsExactly("barrier", "broadcast");
        exposed(sealed(TestSession.coordinator()))
                .run(coordinator -> sealed(TestSession.memberOf(coordinator)).run(member -> {
                    TestSession.meet(coordinator, member);
                    await().atMost(TestSession.SOON)
                            .until(() -> detail(group(coordinator, "start-line"), "rounds")
                                    .containsKey("last"));
                    // It waits from now on, which is told, too.
                    coordinator.getBean("start-line", CoordinatorBarrier.class).awaitAsync();
                    Set<String> told =
                            names(mapper.valueToTree(endpoint(coordinator).camure()));
                    assertThat(names(documented)).containsAll(told);
                    // What is not known yet has a name already.
                    assertThat(names(documented))
                            .allSatisfy(path -> assertThat(told.contains(path)
                                            || components().contains(path.substring(path.lastIndexOf('/') + 1)))
                                    .as(path)
                                    .isTrue());
                }));
    }

    private static Set<String> components() {
        return Stream.of(CamureDescriptor.class.getDeclaredClasses())
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }

    /** The path of each value, with a group's type in place of its number, and without those whose names are data. */
    private static Set<String> names(JsonNode root) {
        Set<String> names = new TreeSet<>();
        collect("", root, names);
        return names;
    }

    private static void collect(String path, JsonNode node, Set<String> names) {
        if (node.isArray()) {
            node.forEach(element -> collect(path + "/" + element.path("type").asString(""), element, names));
        } else if (node.isObject() && !path.endsWith("/datagramsDropped") && !path.endsWith("/handshakes")) {
            node.propertyNames().stream()
                    .filter(name -> !node.get(name).isNull())
                    .forEach(name -> collect(path + "/" + name, node.get(name), names));
        } else {
            names.add(path);
        }
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
