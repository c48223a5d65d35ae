package io.camure.spring;

import io.camure.CamureException;

/** A group is not of the type that was asked for, or this node has another role in its session. */
public final class GroupMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupMismatchException(String message) {
        super(message);
    }
}
