package io.camure;

/** A wait has reached its deadline. What it waited for may still happen. */
public class CamureTimeoutException extends CamureException {

    private static final long serialVersionUID = 1L;

    public CamureTimeoutException(String message) {
        super(message);
    }
}
