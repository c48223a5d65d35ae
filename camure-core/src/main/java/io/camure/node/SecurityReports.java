package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log who was not let into a session, and who else can get at it. */
final class SecurityReports {

    private static final Logger log = LoggerFactory.getLogger(SecurityReports.class);

    private final CoordinatorConfig config;

    SecurityReports(CoordinatorConfig config) {
        this.config = config;
    }

    /** The session has started. Others than this machine may reach it. */
    void onStarted(InetSocketAddress bound) {
        if (config.security().isEmpty() && !bound.getAddress().isLoopbackAddress()) {
            log.warn(
                    "{}: this session is not sealed. Who sees its traffic can read it, and can forge what its nodes say;{} see"
                            + " docs/security.md. Keep {} within a network whose hosts you trust",
                    config.name(),
                    config.acceptLegacy()
                            ? " whoever can send to it can pose as a node of protocol 0.1, unless accept-legacy"
                                    + " (camure.coordinator.accept-legacy) is false;"
                            : "",
                    Format.address(bound));
        }
    }

    /** @return whether it was told by this */
    boolean onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.JoinRefused refused) {
            log.warn(
                    "{}: refused {}, which is to be in {}: this is {}. Set session-name (camure.session-name) to the same"
                            + " at both, or have that node ask another coordinator. This is logged once a minute at most",
                    config.name(),
                    Format.node(refused.node()),
                    Format.session(refused.sessionName()),
                    Format.session(config.sessionName().orElse("")));
            return true;
        }
        if (event instanceof SessionEvent.LegacyRefused refused) {
            log.warn(
                    "{}: refused {}, which speaks only protocol 0.1 or runs an earlier build of camure, and so can't prove its"
                            + " address. Update it, or set accept-legacy (camure.coordinator.accept-legacy) to true, which lets"
                            + " in whoever claims to be such a node. This is logged once a minute at most",
                    config.name(),
                    Format.node(refused.node()));
            return true;
        }
        if (event instanceof SessionEvent.CertificateRefused refused) {
            log.warn(
                    "{}: refused the node at {}{}: {}. This is logged once a minute at most",
                    config.name(),
                    Format.address(refused.address()),
                    refused.subject().isEmpty() ? "" : ", whose certificate is that of " + refused.subject(),
                    refused.why());
            return true;
        }
        return false;
    }
}
