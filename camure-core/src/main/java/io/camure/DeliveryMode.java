package io.camure;

/** How a coordinator delivers to its members what is for all in a group. */
public enum DeliveryMode {
    /**
     * By multicast to members that hear it, and by unicast to each other one: which those are, the coordinator finds out all the
     * time. Members that speak only protocol 0.1 are served by unicast once nothing else is answered.
     */
    AUTO,
    /** By multicast alone, for networks that are known to carry it; what gets lost is repeated by unicast. */
    MULTICAST,
    /** By unicast to each member, for networks that are known to carry no multicast. */
    UNICAST
}
