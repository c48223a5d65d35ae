package io.camure.node.group;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.Loss;
import java.util.Optional;

/** What whoever joins groups again knows of those that are lost. */
public interface GroupLosses {

    /** Why this node is out of a group, and what is tried; nothing while it is in. */
    Optional<Loss> lossOf(int group);

    /**
     * What a call of a group fails with that is lost.
     *
     * @param what as messages call the group
     */
    DisconnectedException outageOf(int group, String what, CamureException loss);
}
