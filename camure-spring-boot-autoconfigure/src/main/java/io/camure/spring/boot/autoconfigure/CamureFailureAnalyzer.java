package io.camure.spring.boot.autoconfigure;

import io.camure.CamureException;
import io.camure.GroupIdRequiredException;
import io.camure.GroupIdsExhaustedException;
import io.camure.GroupInUseException;
import io.camure.GroupNameMismatchException;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.ProtocolVersionException;
import io.camure.SessionNameMismatchException;
import io.camure.SessionStartException;
import io.camure.UnsupportedGroupException;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.SessionNotRunningException;
import io.camure.spring.UnknownGroupException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells what to do about a session that could not be started or joined. */
final class CamureFailureAnalyzer extends AbstractFailureAnalyzer<CamureException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, CamureException cause) {
        String action = action(cause);
        return action == null ? null : new FailureAnalysis(cause.getMessage(), action, cause);
    }

    private static @Nullable String action(CamureException cause) {
        if (cause instanceof JoinTimeoutException timeout && timeout.reason().isPresent()) {
            return "The coordinator is there and has told what this member waits for: see to that at the coordinator, or"
                    + " correct the names and ids in camure.groups. To wait longer, raise camure.member.startup-timeout; to"
                    + " start without, set camure.member.startup to background.";
        } else if (cause instanceof JoinTimeoutException) {
            return "Start the coordinator, or correct camure.member.coordinator-address and the ids in camure.groups."
                    + " To wait longer, raise camure.member.startup-timeout; to start without, set"
                    + " camure.member.startup to background.";
        } else if (cause instanceof SessionStartException) {
            return "Correct camure.coordinator.bind-address, camure.coordinator.multicast-address,"
                    + " camure.member.coordinator-address or the network-interface beside it.";
        } else if (cause instanceof GroupTypeMismatchException) {
            return "Give the group the same type and id in camure.groups of all applications of the session.";
        } else if (cause instanceof UnsupportedGroupException) {
            return "Update camure in the application of the coordinator, before those of its members.";
        } else if (cause instanceof GroupNameMismatchException) {
            return "Give the group the same name and id in camure.groups of all applications of the session.";
        } else if (cause instanceof GroupIdRequiredException) {
            return "Set the group's id in camure.groups, here and at the coordinator, or update camure in the application of the"
                    + " coordinator.";
        } else if (cause instanceof SessionNotRunningException) {
            return "Use camure's beans once the application context has started, for example in an ApplicationRunner.";
        } else if (cause instanceof ProtocolVersionException) {
            return "Update camure in the application of the coordinator or in this one, so that both have a version of the"
                    + " protocol in common.";
        } else if (cause instanceof SessionNameMismatchException) {
            return "Set camure.session-name to the same in the application of the coordinator and in this one, or correct"
                    + " camure.member.coordinator-address if the coordinator there is that of another environment.";
        } else if (cause instanceof GroupInUseException || cause instanceof GroupIdsExhaustedException) {
            return "Give each group in camure.groups an id of its own.";
        } else if (cause instanceof UnknownGroupException || cause instanceof GroupMismatchException) {
            return "Ask for a group that is in camure.groups, or add it there, with the type and at the role that have what is"
                    + " asked for.";
        } else if (cause.getCause() instanceof UnknownHostException) {
            return "Correct the host in camure.member.coordinator-address, or make its name known to this machine. To go on"
                    + " trying until it is, set camure.member.startup to background.";
        }
        return null;
    }
}
