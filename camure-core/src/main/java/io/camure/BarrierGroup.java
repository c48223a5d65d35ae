package io.camure;

/**
 * A barrier at the coordinator, which takes part in every round.
 *
 * <p>A round needs at least one member, and the first one all that are expected. Who joins takes part from the round on
 * that is not complete; who is lost is not waited for longer than the member timeout, and named in the round's result.
 */
public interface BarrierGroup extends CoordinatedGroup, Barrier {}
