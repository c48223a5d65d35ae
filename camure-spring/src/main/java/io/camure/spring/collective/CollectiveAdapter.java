package io.camure.spring.collective;

import io.camure.CollectiveConfig;
import io.camure.spring.session.GroupBinding;
import java.util.Optional;

/** A collective at either side. */
public sealed interface CollectiveAdapter permits CollectiveCoordinatorAdapter, CollectiveMemberAdapter {

    /**
     * What its values are, and what becomes of them.
     *
     * @throws io.camure.spring.CamureConfigurationException when what the configuration names is not there, or does not fit
     */
    CollectiveConfig<?> config();

    /** Nothing for a group of another kind. */
    static Optional<CollectiveAdapter> of(GroupBinding group) {
        return group.adapter() instanceof CollectiveAdapter adapter ? Optional.of(adapter) : Optional.empty();
    }
}
