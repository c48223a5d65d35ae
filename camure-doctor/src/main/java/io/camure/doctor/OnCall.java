package io.camure.doctor;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.node.CoordinatorNode;
import io.camure.node.group.NodeContext;
import io.camure.node.session.NetworkExaminer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** The doctor as nodes call it by themselves. */
public final class OnCall implements NetworkExaminer {

    @Override
    public Findings ofMember(String coordinator, Lookup lookup, MemberConfig config)
            throws IOException, InterruptedException {
        CoordinatorLocator locator = new CoordinatorLocator() {
            @Override
            public List<InetSocketAddress> candidates() throws IOException {
                return lookup.candidates();
            }

            @Override
            public String toString() {
                return coordinator;
            }
        };
        return findings(Doctor.examine(locator, config, Duration.ZERO));
    }

    @Override
    public Findings ofCoordinator(NodeContext coordinator) throws IOException, InterruptedException {
        return findings(Doctor.examine((CoordinatorNode) coordinator));
    }

    private static Findings findings(Report report) {
        return new Findings(report.status() == Status.GREEN, report.toString());
    }
}
