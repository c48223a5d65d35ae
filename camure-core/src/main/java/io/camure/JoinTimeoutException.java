package io.camure;

/** No coordinator answered, or it has not let this node into a group. Joining may be tried again. */
public final class JoinTimeoutException extends CamureTimeoutException {

    private static final long serialVersionUID = 1L;

    JoinTimeoutException(String message) {
        super(message);
    }
}
