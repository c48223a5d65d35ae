package io.camure.spring;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorCollective;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import java.util.Set;

/**
 * The groups of this application by name, those of {@code camure.groups} and those that are added here while it runs.
 *
 * <p>What it gives out stays the same while sessions are stopped, started, lost and joined again, as the beans of groups do. A
 * group that was added is created or joined again with the others, at each start and after each loss, until it is removed. Added
 * before its session is running, it is created or joined with the start. Thread-safe.
 */
public interface CamureGroups {

    /**
     * The groups of one session only, for adding a group where there are several.
     *
     * @param session as in {@code camure.sessions}; {@code default} is the one without a name
     * @throws IllegalArgumentException when there is no such session
     */
    CamureGroups inSession(String session);

    /** The names of all groups now. */
    Set<String> names();

    /**
     * A group of whatever type.
     *
     * @throws UnknownGroupException when there is none of this name
     */
    Group group(String name);

    /**
     * A barrier, whether this node is its coordinator or a member.
     *
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is a broadcast
     */
    Barrier barrier(String name);

    /**
     * A barrier at its coordinator; as {@link #broadcastGroup} where that is elected.
     *
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is a broadcast, or this node is a member
     */
    CoordinatorBarrier barrierGroup(String name);

    /**
     * A collective, whether this node is its coordinator or a member.
     *
     * @param payloadType what its values are: that of the configuration, or of the codec that it was added with
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is no collective, or its values are configured to be something else
     */
    <T> Collective<T> collective(String name, Class<T> payloadType);

    /**
     * A collective at its coordinator; as {@link #broadcastGroup} where that is elected.
     *
     * @param payloadType what its values are: that of the configuration, or of the codec that it was added with
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is no collective, its values are configured to be something else, or this node is a member
     */
    <T> CoordinatorCollective<T> collectiveGroup(String name, Class<T> payloadType);

    /**
     * What the values of a collective are and what becomes of them: its codec, reducer and action, as they are configured or as it was added,
     * such as for adding another collective of the same values.
     *
     * @param payloadType what its values are: that of the configuration, or of the codec that it was added with
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is no collective, or its values are configured to be something else
     */
    <T> CollectiveConfig<T> collectiveConfig(String name, Class<T> payloadType);

    /**
     * A broadcast at its coordinator, which sends. Where that is elected ({@code camure.role: auto}), one that sends while this
     * node coordinates, and fails with {@link NotCoordinatorException} else.
     *
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is a barrier, or this node is a member
     */
    BroadcastGroup broadcastGroup(String name);

    /**
     * A broadcast at a member, which receives.
     *
     * @throws UnknownGroupException when there is no group of this name
     * @throws GroupMismatchException when it is a barrier, or this node is the coordinator
     */
    BroadcastReceiver broadcastReceiver(String name);

    /**
     * Whether this node coordinates the session of a group now. Where that is elected ({@code camure.role: auto}) the answer may be out
     * of date when the caller acts on it: what it does then fails with {@link NotCoordinatorException}, or with {@link
     * io.camure.DisconnectedException}.
     *
     * @throws UnknownGroupException when there is no group of this name
     */
    boolean isCoordinator(String group);

    /**
     * Adds a barrier at the coordinator.
     *
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node coordinates no session, or several: see {@link #inSession}
     * @throws io.camure.CamureException when the session can't create it; then it is not added
     */
    CoordinatorBarrier createBarrier(String name, GroupConfig config);

    /**
     * Adds a broadcast at the coordinator.
     *
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node coordinates no session, or several: see {@link #inSession}
     * @throws io.camure.CamureException when the session can't create it; then it is not added
     */
    BroadcastGroup createBroadcast(String name, GroupConfig config);

    /**
     * Adds a collective at the coordinator.
     *
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node coordinates no session, or several: see {@link #inSession}
     * @throws io.camure.CamureException when the session can't create it; then it is not added
     */
    <T> CoordinatorCollective<T> createCollective(String name, GroupConfig config, CollectiveConfig<T> values);

    /** Adds a barrier at a member, joined by its name; see the next one. */
    Barrier joinBarrier(String name) throws InterruptedException;

    /**
     * Adds a barrier at a member. Waits until it is joined, for as long as {@code camure.member.join-timeout}, unless the
     * session is not joined itself.
     *
     * @param config its name has no meaning here; without an id the group is joined by {@code name}
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node is a member of no session, or of several: see {@link #inSession}
     * @throws io.camure.CamureException when it can't be joined; then it is not added
     */
    Barrier joinBarrier(String name, MembershipConfig config) throws InterruptedException;

    /** Adds a broadcast at a member, joined by its name; see the next one. */
    BroadcastReceiver joinBroadcast(String name) throws InterruptedException;

    /**
     * Adds a broadcast at a member. Waits until it is joined, for as long as {@code camure.member.join-timeout}, unless the
     * session is not joined itself.
     *
     * @param config its name has no meaning here; without an id the group is joined by {@code name}
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node is a member of no session, or of several: see {@link #inSession}
     * @throws io.camure.CamureException when it can't be joined; then it is not added
     */
    BroadcastReceiver joinBroadcast(String name, MembershipConfig config) throws InterruptedException;

    /** Adds a collective at a member, joined by its name; see the next one. */
    <T> Collective<T> joinCollective(String name, CollectiveConfig<T> values) throws InterruptedException;

    /**
     * Adds a collective at a member. Waits until it is joined, for as long as {@code camure.member.join-timeout}, unless the
     * session is not joined itself.
     *
     * @param config its name has no meaning here; without an id the group is joined by {@code name}
     * @throws GroupNameInUseException when there is a group of this name
     * @throws IllegalStateException when this node is a member of no session, or of several: see {@link #inSession}
     * @throws io.camure.CamureException when it can't be joined; then it is not added
     */
    <T> Collective<T> joinCollective(String name, MembershipConfig config, CollectiveConfig<T> values)
            throws InterruptedException;

    /**
     * Closes a group that was added here, for good.
     *
     * @throws UnknownGroupException when there is none of this name
     * @throws IllegalArgumentException when it is one of {@code camure.groups}
     */
    void remove(String name);
}
