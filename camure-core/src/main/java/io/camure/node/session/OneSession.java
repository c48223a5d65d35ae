package io.camure.node.session;

import io.camure.Group;
import io.camure.Loss;
import io.camure.MemberListener;
import io.camure.SessionStatistics;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.MemberWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A stay in one session, which ends with it.
 *
 * @param node the session, which was joined
 */
public record OneSession(MemberNode node) implements SessionStay {

    @Override
    public <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException {
        return kind.joinedOnce(node.groups().join(label, timeout, kind));
    }

    @Override
    public SessionStatistics statistics() {
        return node.statistics();
    }

    @Override
    public Optional<Loss> loss() {
        return node.loss();
    }

    @Override
    public void addListener(MemberListener listener) {
        node.addListener(listener);
    }

    @Override
    public void removeListener(MemberListener listener) {
        node.removeListener(listener);
    }

    @Override
    public List<Group> groups() {
        return node.groups().joined();
    }

    @Override
    public void close() {
        node.close();
    }
}
