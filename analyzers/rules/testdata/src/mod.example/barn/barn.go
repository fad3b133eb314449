package barn
