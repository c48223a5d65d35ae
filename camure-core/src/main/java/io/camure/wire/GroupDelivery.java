package io.camure.wire;

/** How a coordinator delivers what is for all in a group. */
public enum GroupDelivery {
    /** By multicast alone. */
    MULTICAST,
    /** To each member by itself: nothing goes to the multicast address, and nobody needs to listen there. */
    UNICAST,
    /** By multicast to who hears it, and to each other member by itself. */
    AUTO;

    private static final GroupDelivery[] BY_WIRE_VALUE = values();

    byte wireValue() {
        return (byte) ordinal();
    }

    /** One that is not known yet needs a member that listens. */
    static GroupDelivery of(byte wireValue) {
        return wireValue >= 0 && wireValue < BY_WIRE_VALUE.length ? BY_WIRE_VALUE[wireValue] : MULTICAST;
    }
}
