package io.camure.simulation;

import java.util.List;

/**
 * What applications do with a kind of group, and what must hold of it: all that a simulation knows of the kind. A workload
 * serves one run, in which several coordinators may follow one another.
 */
interface Workload {

    /** Creates the group at a coordinator that has just been started, and uses it in threads of the site. */
    void atCoordinator(CoordinatorSite site);

    /** Joins the group at a member that has just joined the session, and uses it in threads of the site. */
    void atMember(MemberSite site);

    List<Invariant> invariants();

    /** What a run without faults has of it, as it counts that. */
    List<String> effects();

    /** Why not all members, and no others, are in the group of the present coordinator; {@code null} when they are. */
    String notTogether(World world);

    /** From now on all are to go on together. */
    void goOn(World world);

    /** Why they have not done so yet, or {@code null}. */
    String notGoneOn(World world);
}
