package io.camure.node.session;

import io.camure.CamureException;
import io.camure.JoinTimeoutException;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.SessionStartException;
import io.camure.node.group.LongWaits;
import io.camure.node.group.OnceMet;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.runtime.SessionDriver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's request to be let into a session, until the coordinator has decided. Whoever asks closes it or takes the node. */
public final class JoinRequest {

    private static final Logger log = LoggerFactory.getLogger(JoinRequest.class);

    private final MemberNode node;
    private final HighestTerm terms;
    private final MemberConfig config;
    private int reminded;

    /** What may be wrong where nobody answers. */
    private final String hints;

    private JoinRequest(MemberNode node, MemberConfig config, HighestTerm terms) {
        this.node = node;
        this.terms = terms;
        this.config = config;
        hints = ". Is it running there, and does a firewall let UDP through?" + Codecs.noAnswer(config);
    }

    /**
     * Asks a coordinator, without waiting for its answer.
     *
     * @param terms of the sessions that the node was in; one of a lower term is not joined
     */
    public static JoinRequest ask(InetSocketAddress coordinatorAddress, MemberConfig config, HighestTerm terms) {
        MemberNode node = MemberStart.start(coordinatorAddress, config, terms.get());
        try {
            node.askToJoin();
            return new JoinRequest(node, config, terms);
        } catch (Throwable e) {
            node.close();
            throw e;
        }
    }

    /**
     * Asks a coordinator, and waits for its answer for as long as the join timeout says.
     *
     * @param terms as for {@link #ask}
     * @throws CamureException why the node is not in the session
     */
    public static MemberNode join(InetSocketAddress coordinatorAddress, MemberConfig config, HighestTerm terms)
            throws InterruptedException {
        JoinRequest request = ask(coordinatorAddress, config, terms);
        try {
            SessionDriver driver = request.node.driver();
            new LongWaits(driver)
                    .await(
                            request::isDecided,
                            driver.nowNanos() + config.joinTimeout().toNanos(),
                            request::notice);
            return request.requireJoined(config.joinTimeout());
        } catch (Throwable e) {
            request.close();
            throw e;
        }
    }

    private LongWaits.Notice notice() {
        if (++reminded == SelfExamination.REMINDERS_BEFORE) {
            SelfExamination.onNotLetIn(coordinatorAddress(), config);
        }
        return LongWaits.Notice.info(
                node.name(),
                "the coordinator at " + Format.address(coordinatorAddress()) + " to answer " + count()
                        + " requests from " + Format.address(address()) + hints);
    }

    /** Whether the node is in the session, or was, or can't be. */
    private boolean isDecided() {
        return node.wasJoined() || failure() != null;
    }

    /** Has a signal run, by whichever thread and under the session's lock, as soon as this is decided. */
    public void whenDecided(Runnable signal) {
        node.driver().watch(new OnceMet(this::isDecided, signal));
    }

    /** Why the node can't get into the session, or {@code null} while it may or has. */
    public @Nullable CamureException failure() {
        IOException failure = node.multicastFailure();
        return failure == null
                ? node.end()
                : new SessionStartException(
                        node.name() + ": the coordinator answered, but its group traffic can't be received: "
                                + failure.getMessage(),
                        failure);
    }

    /**
     * The node, which is in the session.
     *
     * @param timeout how long the coordinator was asked
     * @throws CamureException why it is not
     */
    public MemberNode requireJoined(Duration timeout) {
        CamureException failure = failure();
        if (failure != null) {
            throw failure;
        } else if (!node.wasJoined() && !refusal().isEmpty()) {
            throw new JoinTimeoutException(
                    node.name() + ": the coordinator at " + Format.address(coordinatorAddress())
                            + " has not let this node in within " + Format.duration(timeout) + ": " + refusal(),
                    refusal());
        } else if (!node.wasJoined()) {
            throw new JoinTimeoutException(node.name() + ": no coordinator answered at "
                    + Format.address(coordinatorAddress()) + " within " + Format.duration(timeout) + ", asked from "
                    + Format.address(address()) + " " + count()
                    + " times" + strangersAnswer() + hints);
        }
        terms.onJoined(node.term());
        log.info(
                "{}: joined the session of {}{} from {}, transport {}",
                node.name(),
                node.coordinator(),
                node.term() == 0 ? "" : ", term " + node.term() + ",",
                Format.address(node.address()),
                node.transport());
        String shortfall = node.receiveBufferShortfall();
        if (shortfall != null) {
            log.info("{}: {}", node.name(), shortfall);
        }
        return node;
    }

    /** What to change when the coordinator's answers came from another address, or nothing. */
    public String strangersAnswer() {
        InetSocketAddress stranger = node.stranger();
        return stranger == null
                ? ""
                : "; " + Format.address(stranger) + " answered what was asked of "
                        + Format.address(coordinatorAddress())
                        + ": set the coordinator's address (camure.member.coordinator-address) to "
                        + Format.address(stranger);
    }

    public InetSocketAddress coordinatorAddress() {
        return node.coordinatorAddress();
    }

    /** Where the coordinator was asked from. */
    public InetSocketAddress address() {
        return node.address();
    }

    /** Why the coordinator has not let the node in, as it has said or the node has found; empty when that is not known. */
    public String refusal() {
        return node.refusal();
    }

    /** How often it was asked. */
    public long count() {
        return node.statistics().datagramsSent();
    }

    /** Whether a coordinator has answered that admits by certificates, which takes several round trips. */
    public boolean isInHandshake() {
        return config.security().flatMap(Security::certificates).isPresent()
                && node.statistics().handshakes().getOrDefault(HandshakeOutcome.COOKIE.label(), 0L) > 0;
    }

    /** Takes the request back: a node that knows that it was let in says goodbye. */
    public void close() {
        node.close();
    }
}
