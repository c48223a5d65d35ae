package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the configurations take, and how they refuse the rest. */
class ConfigurationTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7411);

    private static final Duration OVER_A_YEAR = Duration.ofDays(365).plusNanos(1);
    private static final String MORE_THAN_ZERO = "more than zero and at most 365 days";

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource({"refusedByTheCoordinator", "refusedByMembers", "refusedByGroups"})
    void aRefusalNamesTheSettingTheValueAndWhatIsAllowed(
            String setting, Object value, String allowed, ThrowingCallable refused) {
        assertThatIllegalArgumentException()
                .isThrownBy(refused)
                .withMessageContaining(setting + " is " + value)
                .withMessageContaining(allowed);
    }

    private static Arguments refusal(String setting, Object value, String allowed, ThrowingCallable refused) {
        return arguments(setting, value, allowed, refused);
    }

    static Stream<Arguments> refusedByTheCoordinator() {
        CoordinatorConfig.Builder builder = CoordinatorConfig.builder();
        return Stream.of(
                refusal("chunkSize", 507, "508…65507 bytes", () -> builder.chunkSize(507)),
                refusal("chunkSize", 65508, "508…65507 bytes", () -> builder.chunkSize(65508)),
                refusal("heartbeatInterval", "0s", "at least 10ms", () -> builder.heartbeatInterval(Duration.ZERO)),
                refusal("heartbeatInterval", "-1s", "at most 1h", () -> builder.heartbeatInterval(seconds(-1))),
                refusal("legacyLinger", "-1s", "at least 0s", () -> builder.legacyLinger(seconds(-1))),
                refusal("memberTimeout", "0s", MORE_THAN_ZERO, () -> builder.memberTimeout(Duration.ZERO)),
                refusal(
                        "memberTimeout",
                        "31536000000000001ns",
                        MORE_THAN_ZERO,
                        () -> builder.memberTimeout(OVER_A_YEAR)),
                refusal(
                        "memberTimeout",
                        "2s",
                        "greater than heartbeatInterval, which is 2s",
                        () -> builder()
                                .heartbeatInterval(seconds(2))
                                .memberTimeout(seconds(2))
                                .build()),
                refusal(
                        "memberTimeout",
                        "5s",
                        "greater than heartbeatInterval, which is 6s",
                        () -> builder().heartbeatInterval(seconds(6)).build()),
                refusal("multicastTtl", -1, "0…255 hops", () -> builder.multicastTtl(-1)),
                refusal("multicastTtl", 256, "0…255 hops", () -> builder.multicastTtl(256)),
                refusal("maximumMembers", 0, "1…65535", () -> builder.maximumMembers(0)),
                refusal("maximumMembers", 65536, "1…65535", () -> builder.maximumMembers(65536)),
                refusal("sendWindow", 0, "1…1024 chunks", () -> builder.sendWindow(0)),
                refusal("sendWindow", 1025, "1…1024 chunks", () -> builder.sendWindow(1025)),
                refusal("sendBuffer", -1, "0…1073741824 bytes", () -> builder.sendBuffer(-1)),
                refusal("sendBuffer", 1 + (1 << 30), "0…1073741824 bytes", () -> builder.sendBuffer(1 + (1 << 30))),
                refusal("receiveBuffer", -1, "0…1073741824 bytes", () -> builder.receiveBuffer(-1)));
    }

    static Stream<Arguments> refusedByMembers() {
        MemberConfig.Builder builder = MemberConfig.builder();
        return Stream.of(
                refusal("joinTimeout", "0s", MORE_THAN_ZERO, () -> builder.joinTimeout(Duration.ZERO)),
                refusal("joinTimeout", "31536000000000001ns", MORE_THAN_ZERO, () -> builder.joinTimeout(OVER_A_YEAR)),
                refusal("coordinatorTimeout", "0s", MORE_THAN_ZERO, () -> builder.coordinatorTimeout(Duration.ZERO)),
                refusal("messageTimeout", "-1s", MORE_THAN_ZERO, () -> builder.messageTimeout(seconds(-1))),
                refusal("receiveWindow", 127, "128…32768 chunks", () -> builder.receiveWindow(127)),
                refusal("receiveWindow", 32769, "128…32768 chunks", () -> builder.receiveWindow(32769)),
                refusal("sendBuffer", -1, "0…1073741824 bytes", () -> builder.sendBuffer(-1)),
                refusal("receiveBuffer", -1, "0…1073741824 bytes", () -> builder.receiveBuffer(-1)));
    }

    static Stream<Arguments> refusedByGroups() {
        GroupConfig.Builder group = GroupConfig.builder();
        return Stream.of(
                refusal("group id", -1, "0…65535", () -> group.id(-1)),
                refusal("group id", 65536, "0…65535", () -> group.id(65536)),
                refusal("expectedMembers", -1, "0…65535", () -> group.expectedMembers(-1)),
                refusal("expectedMembers", 65536, "0…65535", () -> group.expectedMembers(65536)),
                refusal("timeout", "0s", MORE_THAN_ZERO, () -> group.timeout(Duration.ZERO)));
    }

    private static CoordinatorConfig.Builder builder() {
        return CoordinatorConfig.builder();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void theBoundsThemselvesAreTaken() {
        CoordinatorConfig smallest = builder()
                .chunkSize(508)
                .multicastTtl(0)
                .maximumMembers(1)
                .sendWindow(1)
                .sendBuffer(0)
                .receiveBuffer(0)
                .build();
        CoordinatorConfig largest = builder()
                .chunkSize(65507)
                .multicastTtl(255)
                .maximumMembers(65535)
                .sendWindow(1024)
                .build();
        MemberConfig member = MemberConfig.builder().receiveWindow(32768).build();

        assertThat(smallest.chunkSize()).hasValue(508);
        assertThat(smallest.multicastTtl()).isZero();
        assertThat(smallest.maximumMembers()).isEqualTo(1);
        assertThat(smallest.sendWindow()).isEqualTo(1);
        assertThat(largest.chunkSize()).hasValue(65507);
        assertThat(largest.multicastTtl()).isEqualTo(255);
        assertThat(largest.maximumMembers()).isEqualTo(65535);
        assertThat(largest.sendWindow()).isEqualTo(1024);
        assertThat(member.receiveWindow()).isEqualTo(32768);
    }

    @Test
    void theDefaultsAreThoseOfProtocol01() {
        CoordinatorConfig coordinator = CoordinatorConfig.defaults();

        assertThat(coordinator.chunkSize()).isEmpty();
        assertThat(coordinator.heartbeatInterval()).isEqualTo(seconds(1));
        assertThat(coordinator.memberTimeout()).isEqualTo(seconds(5));
        assertThat(coordinator.legacyLinger()).isEqualTo(seconds(5));
        assertThat(coordinator.acceptLegacy()).isTrue();
        assertThat(coordinator.multicastTtl()).isEqualTo(1);
        assertThat(coordinator.networkInterface()).isEmpty();
        assertThat(MemberConfig.defaults().joinTimeout()).isEqualTo(seconds(10));
    }

    @Test
    void aBuilderThatIsUsedOnDoesNotChangeWhatItHasBuilt() {
        CoordinatorConfig.Builder builder = builder().sendWindow(7);
        CoordinatorConfig built = builder.build();
        builder.sendWindow(8);

        assertThat(built.sendWindow()).isEqualTo(7);
    }

    @Test
    void aConfigurationIsNotChangedByWhatIsDerivedFromIt() {
        GroupConfig three = GroupConfig.builder().id(3).build();
        GroupConfig four = three.toBuilder()
                .id(4)
                .manualAdmission()
                .expectedMembers(2)
                .timeout(seconds(9))
                .build();

        assertThat(three.id()).hasValue(3);
        assertThat(three.isManualAdmission()).isFalse();
        assertThat(four.id()).hasValue(4);
        assertThat(four.isManualAdmission()).isTrue();
        assertThat(four.expectedMembers()).isEqualTo(2);
        assertThat(four.timeout()).isEqualTo(seconds(9));

        MembershipConfig prices = MembershipConfig.builder().name("prices").build();
        assertThat(prices.toBuilder().id(3).build().name()).isEqualTo("prices");
        assertThat(prices.id()).isEmpty();
        CoordinatorConfig small = builder().sendWindow(7).build();
        assertThat(small.toBuilder().chunkSize(600).build().sendWindow()).isEqualTo(7);
        assertThat(small.chunkSize()).isEmpty();
        MemberConfig member = MemberConfig.builder().name("orders").build();
        assertThat(member.toBuilder().receiveWindow(128).build().name()).isEqualTo("orders");
    }

    @Test
    void aGroupIsJoinedByAnIdOrAName() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> MembershipConfig.builder().build())
                .withMessageContaining("neither an id nor a name");
    }

    @Test
    void noSocketBufferIsTakenThatHoldsNotOneDatagram() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> builder().sendBuffer(1471).build())
                .withMessageContaining("sendBuffer is 1471")
                .withMessageContaining("chunkSize, which is up to 1472");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> builder().receiveBuffer(9000).chunkSize(9001).build())
                .withMessageContaining("receiveBuffer is 9000");
        assertThat(builder().receiveBuffer(1472).sendBuffer(0).build().receiveBuffer())
                .isEqualTo(1472);
    }

    @Test
    void noHeartbeatIntervalIsTakenThatMembersWouldRefuse() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .as("a member does not believe in heartbeat intervals of more than an hour")
                .isThrownBy(
                        () -> builder().heartbeatInterval(Duration.ofHours(1).plusNanos(1)))
                .withMessageContaining("heartbeatInterval is 3600000000001ns");
    }

    static Stream<Arguments> nulls() {
        CoordinatorConfig.Builder coordinator = builder();
        MemberConfig.Builder member = MemberConfig.builder();
        GroupConfig.Builder group = GroupConfig.builder();
        return Stream.of(
                refusedNull("name", () -> coordinator.name(null)),
                refusedNull("networkInterface", () -> coordinator.networkInterface(null)),
                refusedNull("heartbeatInterval", () -> coordinator.heartbeatInterval(null)),
                refusedNull("legacyLinger", () -> coordinator.legacyLinger(null)),
                refusedNull("memberTimeout", () -> coordinator.memberTimeout(null)),
                refusedNull("transport", () -> coordinator.transport(null)),
                refusedNull("network", () -> coordinator.network(null)),
                refusedNull("idleStrategy", () -> coordinator.idleStrategy(null)),
                refusedNull("executor", () -> coordinator.executor(null)),
                refusedNull("name", () -> member.name(null)),
                refusedNull("networkInterface", () -> member.networkInterface(null)),
                refusedNull("joinTimeout", () -> member.joinTimeout(null)),
                refusedNull("coordinatorTimeout", () -> member.coordinatorTimeout(null)),
                refusedNull("messageTimeout", () -> member.messageTimeout(null)),
                refusedNull("transport", () -> member.transport(null)),
                refusedNull("network", () -> member.network(null)),
                refusedNull("idleStrategy", () -> member.idleStrategy(null)),
                refusedNull("executor", () -> member.executor(null)),
                refusedNull("rejoin", () -> member.rejoin(null)),
                refusedNull("timeout", () -> group.timeout(null)),
                refusedNull("onMemberLoss", () -> group.onMemberLoss(null)),
                refusedNull("slowMember", () -> group.slowMember(null)),
                refusedNull("slowMemberPatience", () -> group.slowMemberPatience(null)),
                refusedNull("delivery", () -> CoordinatorConfig.builder().delivery(null)),
                refusedNull("bindAddress", () -> Coordinator.start(null, MULTICAST)),
                refusedNull("multicastAddress", () -> Coordinator.start(ADDRESS, (InetSocketAddress) null)),
                refusedNull("bindAddress", () -> Coordinator.start(null, CoordinatorConfig.defaults())),
                refusedNull("sessionName", () -> member.sessionName(null)),
                refusedNull("config", () -> Coordinator.start(ADDRESS, MULTICAST, null)),
                refusedNull("coordinatorAddress", () -> Member.join(null)),
                refusedNull("config", () -> Member.join(ADDRESS, null)),
                refusedNull("locator", () -> Member.join((CoordinatorLocator) null, MemberConfig.defaults())),
                refusedNull("config", () -> Member.join(CoordinatorLocator.fixed(ADDRESS), null)));
    }

    private static Arguments refusedNull(String setting, ThrowingCallable refused) {
        return arguments(setting, refused);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void nothingIsTakenThatIsNull(String setting, ThrowingCallable refused) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(refused)
                .withMessageStartingWith(setting + " must not be null");
    }
}
