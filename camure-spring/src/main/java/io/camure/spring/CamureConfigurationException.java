package io.camure.spring;

/** The application is not configured so that a session can be started, and starting again without a change is of no use. */
public class CamureConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    /**
     * @param description what is wrong, naming the property, bean or method
     * @param action what to change
     */
    public CamureConfigurationException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    public String description() {
        return description;
    }

    public String action() {
        return action;
    }
}
