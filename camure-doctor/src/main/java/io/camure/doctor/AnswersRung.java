package io.camure.doctor;

import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.protocol.base.Format;
import io.camure.wire.Capability;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a coordinator answers a node with this configuration, from where, and what. */
record AnswersRung(MemberConfig config) {

    private static final String NAME = "answers";

    /** @param inClear who answers there in clear; asked where this node has a secret and nobody answered that */
    Rung of(Visit visit, Visit.@Nullable Welcome welcome, Knock.Answer inClear) {
        String at = Format.address(visit.coordinator);
        InetSocketAddress stranger = visit.stranger();
        Extension refusal = visit.refusal();
        String failure = visit.handshakeFailure();
        if (welcome != null) {
            return welcomed(at, visit, welcome);
        } else if (refusal != null) {
            return refused(at, refusal);
        } else if (visit.isSealed()) {
            return new Rung(
                    NAME,
                    at,
                    Status.RED,
                    "It takes secured members only, and this node has neither a secret nor certificates.",
                    "Set security (camure.security.secrets or camure.security.ssl-bundle) as the coordinator has it; give"
                            + " camure-doctor the same by --secret-file, or by --key-store and --trust-store.",
                    null);
        } else if (failure != null) {
            return new Rung(
                    NAME,
                    at,
                    Status.RED,
                    "This node did not get in: " + Format.sentence(failure),
                    "Have both nodes trust each other's certificates (camure.security.ssl-bundle), and admit their names"
                            + " (camure.security.allowed-members, .allowed-coordinators); the log of either says whom it has refused.",
                    null);
        } else if (inClear != Knock.Answer.NONE) {
            return otherwiseSecured(at, inClear);
        } else if (stranger != null) {
            return new Rung(
                    NAME,
                    at,
                    Status.RED,
                    Format.address(stranger) + " answered what was asked of " + at + "; a member does not take that.",
                    "Set coordinator-address (camure.member.coordinator-address) to " + Format.address(stranger)
                            + ", or bind the coordinator to the address that members ask.",
                    null);
        }
        return new Rung(
                NAME,
                at,
                Status.RED,
                visit.asked() + " requests from " + Format.address(visit.address()) + " were not answered.",
                "Start the coordinator there, or camure-doctor listen in its place, and let UDP through to its port and back.",
                "ss -lun 'sport = :" + visit.coordinator.getPort() + "'");
    }

    private Rung welcomed(String at, Visit visit, Visit.Welcome welcome) {
        Extension answer = welcome.answer();
        String name = answer == null || answer.name().isEmpty() ? "It" : answer.name();
        if (!visit.answering().equals(visit.coordinator)) {
            return new Rung(
                    NAME,
                    at,
                    Status.AMBER,
                    name + " answered from " + Format.address(visit.answering())
                            + ", which this node takes, but one of an earlier build or of protocol 0.1 does not.",
                    "Set coordinator-address (camure.member.coordinator-address) to "
                            + Format.address(visit.answering())
                            + ", or bind the coordinator to the address that members ask.",
                    null);
        } else if (welcome.can(Capability.ECHOES)) {
            return Rung.green(
                    NAME,
                    at,
                    name + " answered from there"
                            + means().map(means -> ", sealed by " + means).orElse("") + ".");
        }
        return new Rung(
                NAME,
                at,
                Status.AMBER,
                name + " answered from there, and "
                        + (answer == null ? "speaks only protocol 0.1" : "runs an earlier build")
                        + ": what passes can't be tried.",
                "Run camure-doctor listen there while its session is stopped, and check that.",
                "camure-doctor listen");
    }

    /** By what this node is let in, with what tells its secret from others. */
    private Optional<String> means() {
        return config.security().map(security -> {
            String secret = security.fingerprints().isEmpty()
                    ? ""
                    : "secret " + security.fingerprints().get(0);
            String certificates = security.certificates().isPresent() ? "certificates" : "";
            return certificates + (certificates.isEmpty() || secret.isEmpty() ? "" : " and ") + secret;
        });
    }

    private Rung otherwiseSecured(String at, Knock.Answer inClear) {
        String means = means().orElse("");
        boolean certificates = config.security().flatMap(Security::certificates).isPresent();
        return inClear == Knock.Answer.SEALED
                ? new Rung(
                        NAME,
                        at,
                        Status.RED,
                        "It takes secured members, but none with this node's " + means + ".",
                        certificates
                                ? "Give both certificates (camure.security.ssl-bundle), and the same secret or none"
                                        + " (camure.security.secrets): the coordinator's log tells what it takes, where it says that"
                                        + " its session started."
                                : "Give this node the session's secret (camure.security.secrets): the coordinator's log tells which it"
                                        + " takes, where it says that its session started.",
                        null)
                : new Rung(
                        NAME,
                        at,
                        Status.RED,
                        "Its session is not sealed, and this node has " + means + ".",
                        certificates
                                ? "Give the coordinator certificates, too (camure.security.mode and .ssl-bundle), or none to this node."
                                : "Give the coordinator the secret, too (camure.security.mode and .secrets), or none to this node.",
                        null);
    }

    private Rung refused(String at, Extension refusal) {
        String ours = config.sessionName().orElse("");
        if (!refusal.isUnderstood()) {
            return new Rung(
                    NAME,
                    at,
                    Status.RED,
                    "It speaks version " + refusal.lowestVersion() + "…" + refusal.highestVersion()
                            + " of the protocol, this node version " + Extension.VERSION + ".",
                    "Run the same version of camure at both.",
                    null);
        } else if (!refusal.sessionName().equals(ours)) {
            return new Rung(
                    NAME,
                    at,
                    Status.RED,
                    "It is in " + Format.session(refusal.sessionName()) + ", this node is to be in "
                            + Format.session(ours) + ".",
                    "Set session-name (camure.session-name) to the same at both, or ask another coordinator.",
                    null);
        }
        return new Rung(
                NAME,
                at,
                Status.RED,
                "Its session has as many members as it may have.",
                "Raise its maximum-members (camure.coordinator.maximum-members), or end a member.",
                null);
    }
}
