package io.camure;

/** The coordinator did not answer, or did not admit this node to a group. The caller may try again. */
public final class JoinTimeoutException extends CamureTimeoutException {

    private static final long serialVersionUID = 1L;

    public JoinTimeoutException(String message) {
        super(message);
    }
}
