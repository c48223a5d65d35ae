package io.camure.faults.node;

import io.camure.Certificates;
import io.camure.DeliveryMode;
import io.camure.Security;
import io.camure.Transport;
import io.camure.test.support.TestCertificates;
import java.io.Serializable;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What the nodes of one test agree on.
 *
 * @param coordinator where members ask it; {@code null} for them to find it by the name of its session
 * @param bound where it is bound
 * @param advertised where it is told that members see it; {@code null} for nowhere
 * @param members how many the first round and the first message wait for
 * @param memberTimeout after which silence of a member the coordinator takes it for lost
 * @param coordinatorTimeout after which silence of the coordinator a member takes the session for lost
 * @param transport how all of them send and receive
 * @param delivery how the coordinator sends what is for all
 * @param protection against whom the session is protected
 */
public record NodeScenario(
        InetSocketAddress coordinator,
        InetSocketAddress bound,
        InetSocketAddress advertised,
        InetSocketAddress multicast,
        int members,
        Duration heartbeatInterval,
        Duration memberTimeout,
        Duration coordinatorTimeout,
        Transport transport,
        DeliveryMode delivery,
        Protection protection)
        implements Serializable {

    /** Against whom a session is protected. */
    public enum Protection {
        /** Nodes of protocol 0.1 are let in. */
        NONE,
        /** Only nodes that can prove their address are. */
        HARDENED,
        /** Only nodes that have the secret are, and all is encrypted. */
        SEALED,
        /** The same for those that show a certificate which is trusted. */
        CERTIFIED
    }

    /** For a machine that is busy with something else; far less than the waits without an end that are to be found. */
    private static final Duration LEEWAY = Duration.ofSeconds(5);

    /** What the session is called if members find it by that. */
    static final String NAME = "faults";

    /** The one barrier of the session. */
    static final int BARRIER = 0;

    /** The one broadcast of the session. */
    static final int BROADCAST = 1;

    /** With timeouts for which a test can wait, and which a process that lives does not reach on a busy machine. */
    public static NodeScenario quick(InetSocketAddress coordinator, int members) {
        return new NodeScenario(
                coordinator,
                coordinator,
                null,
                new InetSocketAddress(
                        coordinator.getAddress() instanceof Inet6Address ? "ff15::74:1" : "239.255.74.1", 7401),
                members,
                Duration.ofMillis(200),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                Transport.AUTO,
                DeliveryMode.AUTO,
                Protection.NONE);
    }

    public NodeScenario withTimeouts(Duration timeout) {
        return new NodeScenario(
                coordinator,
                bound,
                advertised,
                multicast,
                members,
                heartbeatInterval,
                timeout,
                timeout,
                transport,
                delivery,
                protection);
    }

    public NodeScenario withMembers(int expected) {
        return new NodeScenario(
                coordinator,
                bound,
                advertised,
                multicast,
                expected,
                heartbeatInterval,
                memberTimeout,
                coordinatorTimeout,
                transport,
                delivery,
                protection);
    }

    /** With the coordinator bound as before, and found by the name of its session. */
    public NodeScenario askedByName() {
        return at(null, bound, advertised);
    }

    /** With the coordinator bound as before, and asked elsewhere. */
    public NodeScenario askedAt(InetSocketAddress asked) {
        return at(asked, bound, advertised);
    }

    public NodeScenario boundTo(InetSocketAddress address) {
        return at(coordinator, address, advertised);
    }

    public NodeScenario advertisedAs(InetSocketAddress address) {
        return at(coordinator, bound, address);
    }

    private NodeScenario at(InetSocketAddress asked, InetSocketAddress bindAddress, InetSocketAddress seen) {
        return new NodeScenario(
                asked,
                bindAddress,
                seen,
                multicast,
                members,
                heartbeatInterval,
                memberTimeout,
                coordinatorTimeout,
                transport,
                delivery,
                protection);
    }

    public NodeScenario withTransport(Transport other) {
        return new NodeScenario(
                coordinator,
                bound,
                advertised,
                multicast,
                members,
                heartbeatInterval,
                memberTimeout,
                coordinatorTimeout,
                other,
                delivery,
                protection);
    }

    public NodeScenario withProtection(Protection other) {
        return new NodeScenario(
                coordinator,
                bound,
                advertised,
                multicast,
                members,
                heartbeatInterval,
                memberTimeout,
                coordinatorTimeout,
                transport,
                delivery,
                other);
    }

    public NodeScenario withDelivery(DeliveryMode other) {
        return new NodeScenario(
                coordinator,
                bound,
                advertised,
                multicast,
                members,
                heartbeatInterval,
                memberTimeout,
                coordinatorTimeout,
                transport,
                other,
                protection);
    }

    /** What seals the session, if anything does. */
    Optional<Security> securityOfCoordinator() {
        return security(TestCertificates.of("coordinator").allowedMembers("*.batch.example"));
    }

    /** The same at a member. */
    Optional<Security> securityOfMember() {
        return security(TestCertificates.of("orders").allowedCoordinators("coordinator.batch.example"));
    }

    private Optional<Security> security(Certificates certificates) {
        return switch (protection) {
            case NONE, HARDENED -> Optional.empty();
            case SEALED -> Optional.of(Security.secret(new byte[32]));
            case CERTIFIED -> Optional.of(Security.certificates(certificates));
        };
    }

    /** Until when a silent member is found out, as far as the machine is not busy with something else. */
    public Duration memberLossBound() {
        return memberTimeout.plus(heartbeatInterval).plus(LEEWAY);
    }

    /** The same for a silent coordinator. */
    public Duration coordinatorLossBound() {
        return coordinatorTimeout.plus(heartbeatInterval).plus(LEEWAY);
    }
}
