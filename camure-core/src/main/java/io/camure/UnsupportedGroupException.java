package io.camure;

/**
 * The coordinator does not know groups of this kind: it speaks protocol 0.1, or runs an earlier build. Update the coordinator before its
 * members.
 */
public final class UnsupportedGroupException extends CamureException {

    private static final long serialVersionUID = 1L;

    public UnsupportedGroupException(String message) {
        super(message);
    }
}
