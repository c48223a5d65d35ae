package io.camure.protocol;

/** What happens to the nodes of a simulation and what comes of it, to be counted: a run proves nothing of what was not there. */
enum SimulatedFault {
    LOST("datagrams lost at random"),
    LOST_IN_BURST("datagrams lost in a burst"),
    LOST_TO_COORDINATOR("datagrams lost while only the way to the coordinator was bad"),
    LOST_FROM_COORDINATOR("datagrams lost while only the way from the coordinator was bad"),
    LOST_OF_ONE_MEMBER("datagrams of the one member with a bad link lost"),
    DOUBLED("datagrams doubled"),
    REORDERED("datagrams that have overtaken another"),
    DEAF("datagrams to the group that did not reach a deaf member"),
    TOO_LONG("datagrams that were too long for the path of a member"),
    IN_PIECES("pieces of chunks that were too long for it"),
    DELAYED("datagrams in a spike of delay"),
    CUT_OFF("datagrams lost in a partition"),
    HEALED("partitions healed"),
    MEMBER_PAUSED("members that got no time for a while"),
    COORDINATOR_PAUSED("coordinators that got no time for a while"),
    MEMBER_CRASHED("members crashed"),
    COORDINATOR_CRASHED("coordinators crashed"),
    MEMBER_RESTARTED("members started anew on the same address"),
    COORDINATOR_RESTARTED("coordinators started anew on the same address"),
    JOINED("members that came during the run"),
    LEFT("members that left during the run"),
    CAME_BACK("members that left the groups and came back in one session"),
    OLD_MEMBER_IN_ROUND("rounds passed by members of 0.1"),
    OLD_MEMBER_GOT_MESSAGE("messages got by members of 0.1"),
    ABANDONED("messages given up"),
    BROKEN("rounds broken"),
    STOPPED_READING("members that read nothing for a while"),
    TOO_SLOW("memberships ended since the member was too slow"),
    EVICTED("other memberships ended by the coordinator"),
    COORDINATOR_LOST("sessions lost by their members"),
    KEY_CHANGED("keys of a group or session followed by others"),
    OVERHEARD("datagrams to all recorded by members that had left"),
    COMPLETED("rounds completed"),
    GATHERED("results of collective rounds, as each node learns them"),
    GATHERED_LONG("results of collective rounds that were too long for a release, as each node learns them"),
    MISMATCHED("collective rounds in which not all have called the same, as each node learns it"),
    DELIVERED("messages delivered");

    final String what;

    SimulatedFault(String what) {
        this.what = what;
    }
}
