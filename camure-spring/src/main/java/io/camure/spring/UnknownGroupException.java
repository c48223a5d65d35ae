package io.camure.spring;

import io.camure.CamureException;

/** There is no group of a name, or none any more: the message says which there are. */
public final class UnknownGroupException extends CamureException {

    private static final long serialVersionUID = 1L;

    public UnknownGroupException(String message) {
        super(message);
    }
}
