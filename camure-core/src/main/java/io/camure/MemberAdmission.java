package io.camure;

/**
 * Decides at the coordinator which nodes are in its session, and in which groups, by their certificates. It is asked once for the
 * session at each handshake, and for each group that such a node asks to join; who was refused a group may be asked for again
 * after a second.
 *
 * <p>Called by threads of the session's own for this, at most two at a time, without any lock: it may ask a directory. A node that is
 * not decided about within 5 s asks anew, and a call that lasts for 10 s is interrupted. Must be thread-safe. What it throws counts as a refusal.
 */
@FunctionalInterface
public interface MemberAdmission {

    /** Whether a node may be in the session, or in the group that it asks for. */
    boolean admits(AdmissionRequest request);
}
