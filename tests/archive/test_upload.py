def test_x(desk):
    from tests.archive.furnishing import furnish
    furnish(desk)
    print(desk.root(), desk.counts())
