#define STEPS 5
static const float NS_a = 3.0f;
static const float NS_b = -4.0f;
static const float NS_c = 2.0f;
