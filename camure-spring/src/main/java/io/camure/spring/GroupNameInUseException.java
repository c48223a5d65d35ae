package io.camure.spring;

import io.camure.CamureException;

/** There is a group of this name already, in this session or another one of the application. */
public final class GroupNameInUseException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupNameInUseException(String message) {
        super(message);
    }
}
