package io.camure.node.group;

import io.camure.GroupConfig;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import java.util.function.Consumer;

/**
 * A kind of group at the coordinator: what it takes from the configuration, and what users get.
 *
 * @param <S> its settings in the protocol
 * @param <W> its work in the protocol
 * @param <G> what users get
 */
public interface CoordinatorKind<S, W extends GroupWork, G extends GroupAtCoordinator> {

    GroupKind<S, W, ?> kind();

    /** @throws IllegalArgumentException when the configuration has settings of another kind */
    S settings(GroupConfig config);

    /** @param closing closes the group, and returns when its members know or too much time has passed */
    G atCoordinator(
            NodeContext coordinator, Consumer<GroupAtCoordinator> closing, ManagedGroup<W> group, GroupConfig config);
}
