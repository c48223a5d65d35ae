package io.camure.test;

import io.camure.Barrier;
import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MembershipConfig;
import java.net.InetSocketAddress;

/** A member that a test directs; see {@link CamureTestNetwork#joinMember(String)}. */
public final class CamureTestMember implements CamureTestPeer {

    private final CamureTestNetwork network;
    private final CamureTestHost host;
    private final Member member;
    private volatile boolean running = true;

    CamureTestMember(CamureTestNetwork network, CamureTestHost host, Member member) {
        this.network = network;
        this.host = host;
        this.member = member;
    }

    /** The node itself, for whatever else it can do. */
    public Member member() {
        return member;
    }

    @Override
    public String name() {
        return host.hostName();
    }

    @Override
    public InetSocketAddress address() {
        return member.address();
    }

    @Override
    public CamureTestHost host() {
        return host;
    }

    /**
     * Joins a barrier, whose waits are as long as the network's patience.
     *
     * @throws JoinTimeoutException when the coordinator does not let this node in within the network's patience
     * @throws GroupTypeMismatchException when it is a broadcast
     */
    public Barrier joinBarrier(int id) throws InterruptedException {
        return member.joinBarrier(id, network.patience(), network.patience());
    }

    /**
     * Joins a barrier; see {@link #joinBarrier(int)}.
     *
     * @throws IllegalArgumentException when the network {@linkplain CamureTestNetwork#nameGroup knows} no group of this name
     */
    public Barrier joinBarrier(String group) throws InterruptedException {
        return joinBarrier(network.groupId(group));
    }

    /**
     * Joins a broadcast, and keeps each message from now on.
     *
     * @throws JoinTimeoutException when the coordinator does not let this node in within the network's patience
     * @throws GroupTypeMismatchException when it is a barrier
     */
    public CamureTestInbox joinBroadcast(int id) throws InterruptedException {
        return new CamureTestInbox(
                name() + ", group " + id, member.joinBroadcast(id, network.patience()), network.patience());
    }

    /**
     * Joins a broadcast; see {@link #joinBroadcast(int)}.
     *
     * @throws IllegalArgumentException when the network {@linkplain CamureTestNetwork#nameGroup knows} no group of this name
     */
    public CamureTestInbox joinBroadcast(String group) throws InterruptedException {
        return joinBroadcast(network.groupId(group));
    }

    /**
     * Joins a collective, whose waits are as long as the network's patience.
     *
     * @param values what its values are: the same codec and reducer as at the other nodes
     * @throws JoinTimeoutException when the coordinator does not let this node in within the network's patience
     * @throws GroupTypeMismatchException when it is of another type
     */
    public <T> Collective<T> joinCollective(int id, CollectiveConfig<T> values) throws InterruptedException {
        return member.joinCollective(
                MembershipConfig.builder().id(id).timeout(network.patience()).build(), values, network.patience());
    }

    /**
     * Joins a collective; see {@link #joinCollective(int, CollectiveConfig)}.
     *
     * @throws IllegalArgumentException when the network {@linkplain CamureTestNetwork#nameGroup knows} no group of this name
     */
    public <T> Collective<T> joinCollective(String group, CollectiveConfig<T> values) throws InterruptedException {
        return joinCollective(network.groupId(group), values);
    }

    /** Waits until this node is out of the session: it has lost its coordinator, or is closed. */
    public void awaitSessionLost() {
        Waiting.until(name() + " to be out of the session", network.patience(), () -> !member.isOpen());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void crash() {
        end(true);
    }

    @Override
    public void close() {
        end(host.isPaused());
    }

    private synchronized void end(boolean silently) {
        if (running) {
            running = false;
            PeerEnd.run(host, silently, member::close);
            network.onEnd(this);
        }
    }

    @Override
    public String toString() {
        return member.toString();
    }
}
