package io.camure.doctor;

import io.camure.MemberConfig;
import io.camure.protocol.base.Format;
import io.camure.wire.Capability;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Whether a coordinator answers a node with this configuration, from where, and what. */
record AnswersRung(MemberConfig config) {

    private static final String NAME = "answers";

    Rung of(Visit visit, Visit.@Nullable Welcome welcome) {
        String at = Format.address(visit.coordinator);
        InetSocketAddress stranger = visit.stranger();
        Extension refusal = visit.refusal();
        if (welcome != null) {
            Extension answer = welcome.answer();
            String name = answer == null ? "" : answer.name();
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
            }
            return welcome.can(Capability.ECHOES)
                    ? Rung.green(NAME, at, (name.isEmpty() ? "It" : name) + " answered from there.")
                    : new Rung(
                            NAME,
                            at,
                            Status.AMBER,
                            (answer == null
                                            ? "It answered from there, and speaks only protocol 0.1"
                                            : name + " answered from there, and runs an earlier build")
                                    + ": what passes can't be tried.",
                            "Run camure-doctor listen there while its session is stopped, and check that.",
                            "camure-doctor listen");
        } else if (refusal != null) {
            return refused(at, refusal);
        } else if (visit.isSealed()) {
            return new Rung(
                    NAME,
                    at,
                    Status.AMBER,
                    "It answered that it takes secured members only, and a doctor has no secret: what passes can't be tried.",
                    "Run camure-doctor listen there while its session is stopped, and check that.",
                    "camure-doctor listen");
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
                "Start the coordinator there, and let UDP through to its port and back.",
                "ss -lun 'sport = :" + visit.coordinator.getPort() + "'");
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
