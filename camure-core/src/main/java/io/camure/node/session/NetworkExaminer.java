package io.camure.node.session;

import io.camure.MemberConfig;
import io.camure.node.group.NodeContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Finds out what the network between the nodes of a session lets through. The one that there is, camure-doctor, is found on the class
 * path, so that applications can do without it.
 */
public interface NetworkExaminer {

    /**
     * Examines the way from a member, in its session or not, to its coordinator.
     *
     * @param coordinator what the lookup is called
     * @param lookup says where the coordinator may be
     * @param config of the member
     * @throws InterruptedException when the thread is interrupted; nothing stays open
     */
    Findings ofMember(String coordinator, Lookup lookup, MemberConfig config) throws IOException, InterruptedException;

    /** Examines the ways from a coordinator to its members. */
    Findings ofCoordinator(NodeContext coordinator) throws IOException, InterruptedException;

    /** Says where a coordinator may be. */
    @FunctionalInterface
    interface Lookup {

        List<InetSocketAddress> candidates() throws IOException;
    }

    /**
     * What was found.
     *
     * @param well whether nothing has to be done
     * @param report for the log; may have several lines
     */
    record Findings(boolean well, String report) {}
}
